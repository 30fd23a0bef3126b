// Stands for the package "debug", which oclif uses for its own traces; labctl's are behind --debug.
const make = () => Object.assign(() => {}, { enabled: false, extend: make });
export default Object.assign(make, { enable() {}, disable() {}, enabled: () => false, formatters: {} });
