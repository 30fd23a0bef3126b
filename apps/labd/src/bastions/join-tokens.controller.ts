import { Controller } from '@nestjs/common';
import { ResourceMaker } from '../resources/resource.controller.js';
import { JoinTokenDto, JoinTokenSpecDto } from './join-token.dto.js';

@Controller('api/v1/tokens')
export class JoinTokensController extends ResourceMaker('JoinToken', JoinTokenDto, JoinTokenSpecDto) {}
