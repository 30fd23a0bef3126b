import { Controller } from '@nestjs/common';
import { ResourceWriterController } from '../resources/resource.controller.js';
import { ClusterDto, ClusterSpecDto } from './cluster.dto.js';

@Controller('api/v1/clusters')
export class ClustersController extends ResourceWriterController('Cluster', ClusterDto, ClusterSpecDto) {}
