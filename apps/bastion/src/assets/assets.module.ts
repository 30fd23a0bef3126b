import { Module } from '@nestjs/common';
import { NetbootModule } from '../netboot/netboot.module.js';
import { AssetsController } from './assets.controller.js';

@Module({ imports: [NetbootModule], controllers: [AssetsController] })
export class AssetsModule {}
