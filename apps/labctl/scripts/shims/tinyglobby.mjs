// Stands for the package "tinyglobby", with which oclif looks for commands where a plugin has no manifest.
export const glob = () => Promise.reject(new Error('this plugin has no oclif.manifest.json'));
