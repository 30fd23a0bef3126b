import { Controller } from '@nestjs/common';
import { ResourceChanger } from '../resources/resource.controller.js';
import { BastionDto, BastionSpecDto } from './bastion.dto.js';

@Controller('api/v1/bastions')
export class BastionsController extends ResourceChanger('Bastion', BastionDto, BastionSpecDto) {}
