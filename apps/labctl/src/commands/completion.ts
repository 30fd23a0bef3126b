import * as Args from '@oclif/core/args';
import { LabCommand } from '@lab/cli-kit';
import { SCRIPTS, type Shell } from '../completion/scripts.js';

export default class CompletionCommand extends LabCommand {
  static override summary = 'Print what your shell needs to complete labctl';
  static override description = `With it Tab completes commands, flags, types, and the names of what is there.
bash: put source <(labctl completion bash) into ~/.bashrc. zsh: source <(labctl completion zsh) after compinit in ~/.zshrc. fish: labctl completion fish > ~/.config/fish/completions/labctl.fish.`;
  static override examples = ['source <(<%= config.bin %> completion bash)'];
  static override args = {
    shell: Args.string({ description: 'which shell', required: true, options: Object.keys(SCRIPTS) }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(CompletionCommand);
    this.terminal(flags).out(SCRIPTS[args.shell as Shell]);
  }
}
