/** What a server is for; chooses its disk layout, packages and preparation. */
export const SERVER_ROLES = ['worker', 'control-plane', 'infra', 'vanilla'] as const;
export type ServerRole = (typeof SERVER_ROLES)[number];
export const isServerRole = (text: string): text is ServerRole =>
  (SERVER_ROLES as readonly string[]).includes(text);
