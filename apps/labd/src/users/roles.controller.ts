import { Controller } from '@nestjs/common';
import { ResourceWriterController } from '../resources/resource.controller.js';
import { RoleDto, RoleSpecDto } from './role.dto.js';

@Controller('api/v1/roles')
export class RolesController extends ResourceWriterController('Role', RoleDto, RoleSpecDto) {}
