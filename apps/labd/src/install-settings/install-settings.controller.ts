import { Controller } from '@nestjs/common';
import { ResourceWriterController } from '../resources/resource.controller.js';
import { InstallSettingsDto, InstallSettingsSpecDto } from './install-settings.dto.js';

@Controller('api/v1/installsettings')
export class InstallSettingsController extends ResourceWriterController(
  'InstallSettings',
  InstallSettingsDto,
  InstallSettingsSpecDto,
) {}
