/** Where the bastion's time comes from, for injection; a {@link Clock} of the domain. */
export const CLOCK = Symbol('Clock');
