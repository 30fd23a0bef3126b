import { Module } from '@nestjs/common';
import { StreamsRepository } from '../bastions/streams.repository.js';
import { HeardRepository } from './heard.repository.js';
import { LinkGateway } from './link.gateway.js';
import { LinksRepository } from './links.repository.js';
import { PlanQuery } from './plan.query.js';

@Module({ providers: [LinkGateway, HeardRepository, LinksRepository, PlanQuery, StreamsRepository] })
export class BastionGatewayModule {}
