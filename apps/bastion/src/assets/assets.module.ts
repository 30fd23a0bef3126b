import { Module } from '@nestjs/common';
import { InstallsModule } from '../installs/installs.module.js';
import { AssetsController } from './assets.controller.js';

@Module({ imports: [InstallsModule], controllers: [AssetsController] })
export class AssetsModule {}
