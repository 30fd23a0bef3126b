import { Module } from '@nestjs/common';
import { Housekeeper } from './housekeeper.js';
import { OldLines } from './old-lines.repository.js';

@Module({ providers: [Housekeeper, OldLines] })
export class HousekeepingModule {}
