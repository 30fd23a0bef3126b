import { Controller } from '@nestjs/common';
import { ResourceWriterController } from '../resources/resource.controller.js';
import { NetworkDto, NetworkSpecDto } from './network.dto.js';

@Controller('api/v1/networks')
export class NetworksController extends ResourceWriterController('Network', NetworkDto, NetworkSpecDto) {}
