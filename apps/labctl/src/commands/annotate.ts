import { KeyChangeCommand } from '../key-change-command.js';

export default class AnnotateCommand extends KeyChangeCommand {
  static override summary = 'Set or take away annotations';
  static override usage = ['annotate TYPE NAME KEY=VALUE… KEY-…', 'annotate TYPE/NAME KEY=VALUE…'];
  static override examples = [
    '<%= config.bin %> annotate server node1 note="fan is loud"',
    '<%= config.bin %> annotate server/node1 note-',
  ];

  override async run(): Promise<void> {
    await this.change('annotate', 'annotations', 'annotated');
  }
}
