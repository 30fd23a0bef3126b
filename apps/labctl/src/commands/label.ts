import { KeyChangeCommand } from '../key-change-command.js';

export default class LabelCommand extends KeyChangeCommand {
  static override summary = 'Set or take away labels';
  static override usage = ['label TYPE NAME KEY=VALUE… KEY-…', 'label TYPE/NAME KEY=VALUE…'];
  static override examples = [
    '<%= config.bin %> label server node1 rack=a1',
    '<%= config.bin %> label server/node1 rack=b2 --overwrite',
    '<%= config.bin %> label server/node1 rack-',
  ];

  override async run(): Promise<void> {
    await this.change('label', 'labels', 'labeled');
  }
}
