import { Module } from '@nestjs/common';
import { InstallSettingsController } from './install-settings.controller.js';
import { InstallSettingsRepository } from './install-settings.repository.js';

@Module({ controllers: [InstallSettingsController], providers: [InstallSettingsRepository] })
export class InstallSettingsModule {}
