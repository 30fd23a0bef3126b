import { Module } from '@nestjs/common';
import { BASTION_CONFIG, type BastionConfig } from '../config.js';
import { inventoryOf } from '../assets/inventory.js';
import { DhcpModule } from '../dhcp/dhcp.module.js';
import { DiscoveryModule } from '../discovery/discovery.module.js';
import { InstallsModule } from '../installs/installs.module.js';
import { loadAssets, type BastionAssets } from '../kickstart/assets.loader.js';
import { MachinesModule } from '../machines/machines.module.js';
import { MachineUrl } from './machine-url.js';
import { BootAssets } from './boot-assets.js';
import { BootController } from './boot.controller.js';
import { BootService } from './boot.service.js';
import { KickstartController } from './kickstart.controller.js';

const BASTION_ASSETS = Symbol('BastionAssets');

@Module({
  imports: [MachinesModule, InstallsModule, DhcpModule, DiscoveryModule],
  controllers: [BootController, KickstartController],
  providers: [
    BootService,
    MachineUrl,
    {
      provide: BASTION_ASSETS,
      inject: [BASTION_CONFIG],
      useFactory: (config: BastionConfig) =>
        loadAssets(config.assetsDir, config.profilesDir === null ? [] : [config.profilesDir]),
    },
    {
      provide: BootAssets,
      inject: [BASTION_ASSETS, BASTION_CONFIG, MachineUrl],
      useFactory: (assets: BastionAssets, config: BastionConfig, url: MachineUrl) =>
        new BootAssets(
          assets,
          config.discoveryProfile,
          () => url.value,
          () => inventoryOf(assets, config),
        ),
    },
  ],
  exports: [BootService, BootAssets, MachineUrl],
})
export class NetbootModule {}
