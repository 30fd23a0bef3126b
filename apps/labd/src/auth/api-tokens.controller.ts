import { Controller } from '@nestjs/common';
import { ResourceMaker } from '../resources/resource.controller.js';
import { ApiTokenDto, ApiTokenSpecDto } from './api-token.dto.js';

@Controller('api/v1/apitokens')
export class ApiTokensController extends ResourceMaker('ApiToken', ApiTokenDto, ApiTokenSpecDto) {}
