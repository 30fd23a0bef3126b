import { Module } from '@nestjs/common';
import { BastionsModule } from '../bastions/bastions.module.js';
import { NetbootModule } from '../netboot/netboot.module.js';
import { Housekeeper } from './housekeeper.js';
import { OldLines } from './old-lines.repository.js';

@Module({ imports: [BastionsModule, NetbootModule], providers: [Housekeeper, OldLines] })
export class HousekeepingModule {}
