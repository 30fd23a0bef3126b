/** What is known of a NIC, as far as it tells machines apart. */
export interface WeighedNic {
  /** Kernel's name: `enp0s20f0u1u6`. */
  name: string;
  /** Lower case with colons. */
  mac: string;
  /** Kernel's driver: `cdc_ether`. */
  driver: string | null;
}

/** Drivers of USB adapters and of the gadgets that BMCs show their host (kernel: drivers/net/usb, and their `driver` link in sysfs). */
const USB_DRIVERS =
  /^(?:cdc_\w+|huawei_cdc_ncm|rndis_\w+|usbnet|r815\w+|rtl8150|asix|ax8\w+|aqc111|lan78xx|smsc\w+|dm9601|sr9\w+|ch9200|pegasus|mcs7830|kaweth|catc|ipheth|qmi_wwan|sierra_net|hso|gl620a|net1080|plusb|zaurus|cx82310_eth|int51x1|kalmia|lg-vl600|usb)$/i;
const VIRTUAL_DRIVERS =
  /^(?:virtio_net|vmxnet3|hv_netvsc|xen_netfront|vif|veth|tun|bridge|bonding|team|dummy|macvlan|macvtap|ipvlan|vxlan|8021q|802\.1Q.*)$/i;
/** VMware, Microsoft (Hyper-V), Xen, VirtualBox: given by the hypervisor, and copied with a machine. */
const VIRTUAL_VENDORS = ['00:05:69', '00:0c:29', '00:50:56', '00:15:5d', '00:16:3e', '08:00:27'];
/** systemd.net-naming-scheme(7): `u` and a number is a USB port. */
const USB_NAME = /^(?:usb\d+|\w{2}(?:P\d+)?p\d+s\d+(?:f\d+)?(?:u\d+)+(?:c\d+)?(?:i\d+)?)$/;

/**
 * Whether a NIC's address says little about which machine it is in: USB adapters are carried from one to another, all BMCs
 * of a make may show their hosts the same address, and locally administered (second-lowest bit of the first octet, IEEE 802)
 * and virtual ones are made up.
 */
export function isWeakNic({ name, mac, driver }: WeighedNic): boolean {
  return (
    (Number.parseInt(mac.slice(0, 2), 16) & 2) !== 0 ||
    VIRTUAL_VENDORS.includes(mac.slice(0, 8)) ||
    USB_NAME.test(name) ||
    (driver !== null && (USB_DRIVERS.test(driver) || VIRTUAL_DRIVERS.test(driver)))
  );
}
