import { describe, expect, it } from '@jest/globals';
import { isWeakNic } from './nic-weight.js';
import { orderMacs, type OrderableNic } from './order-macs.js';
import { telling } from './telling.js';

describe('A NIC says little of which machine it is in', () => {
  it.each([
    ['the USB NIC of a BMC', 'enp0s20f0u1u6', 'be:3a:f2:b6:05:9f', 'cdc_ether'],
    ['a USB adapter, by its driver', 'eth1', '00:e0:4c:68:00:01', 'r8152'],
    ['a USB adapter, by its port', 'enp0s20f0u1', '00:e0:4c:68:00:01', null],
    ['a USB adapter, by its old name', 'usb0', '00:e0:4c:68:00:01', null],
    ['a locally administered address', 'eno1', '52:54:00:12:34:56', 'igb'],
    ['a virtual one, by its driver', 'ens3', '00:00:5e:00:53:01', 'virtio_net'],
    ['a virtual one, by its vendor', 'ens160', '00:0c:29:12:34:56', 'e1000'],
  ])('%s', (_what, name, mac, driver) => {
    expect(isWeakNic({ name, mac, driver })).toBe(true);
  });

  it.each([
    ['a board’s own', 'eno1', '3c:ec:ef:00:00:01', 'ixgbe'],
    ['a card, in a slot', 'enp3s0f1', '3c:ec:ef:00:00:02', 'mlx5_core'],
    ['one in a PCI domain', 'enP2p1s0f0', '3c:ec:ef:00:00:03', null],
    ['one of unknown driver', 'boot', '3c:ec:ef:00:00:04', null],
  ])('but not %s', (_what, name, mac, driver) => {
    expect(isWeakNic({ name, mac, driver })).toBe(false);
  });
});

describe('MAC addresses by which a server gets its orders', () => {
  const nic = (mac: string, changes: Partial<OrderableNic> = {}): OrderableNic => ({
    ...{
      name: 'eno1',
      mac,
      driver: 'igb',
      boot: false,
      declared: false,
      shared: false,
      ownedElsewhere: false,
    },
    ...changes,
  });
  it('are its own, that of the NIC which booted first', () => {
    expect(orderMacs([nic('3c:00:00:00:00:01'), nic('3c:00:00:00:00:02', { boot: true })])).toEqual([
      '3c:00:00:00:00:02',
      '3c:00:00:00:00:01',
    ]);
  });
  it('are none that another server has, unless it is this one’s by its boot or by a person', () => {
    const shared = { shared: true };
    expect(orderMacs([nic('3c:00:00:00:00:01', shared)])).toEqual([]);
    expect(orderMacs([nic('3c:00:00:00:00:01', { ...shared, boot: true })])).toHaveLength(1);
    expect(orderMacs([nic('3c:00:00:00:00:01', { ...shared, declared: true })])).toHaveLength(1);
    expect(
      orderMacs([nic('3c:00:00:00:00:01', { ...shared, declared: true, ownedElsewhere: true })]),
    ).toEqual([]);
  });
  it('are no adapter’s that it didn’t boot from', () => {
    const usb = nic('00:e0:4c:68:00:01', { driver: 'r8152' });
    expect(orderMacs([usb])).toEqual([]);
    expect(orderMacs([{ ...usb, boot: true }])).toHaveLength(1);
    expect(orderMacs([{ ...usb, declared: true }])).toHaveLength(1);
  });
});

describe('telling', () => {
  it.each([
    null,
    '',
    ' 0 ',
    'None',
    'To Be Filled By O.E.M.',
    '00000000-0000-0000-0000-000000000000',
    'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
  ])('drops %j, which vendors leave where they state nothing', (text) => {
    expect(telling(text)).toBeNull();
  });
  it('keeps the rest, trimmed', () => {
    expect(telling(' ABC123 ')).toBe('ABC123');
  });
});
