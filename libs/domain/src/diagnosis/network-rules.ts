import type { DiagnosisRule } from './diagnosis-rule.js';

/** Network, names, repositories and certificates. */
export const NETWORK_RULES: readonly DiagnosisRule[] = [
  {
    id: 'name-not-resolved',
    pattern:
      /could(?: not|n't) resolve host|temporary failure in name resolution|name or service not known|curl error \(6\)|curl: \(6\)/i,
    cause: 'a host name could not be resolved',
    explanation: 'The installer asked for a host by its name and no name server knew it or answered.',
    next: 'Check the name servers that DHCP gives on that network, or write addresses instead of names in the profile.',
    example:
      'Curl error (6): Could not resolve hostname for http://mirror.lab.example/fedora/repodata/repomd.xml',
  },
  {
    id: 'certificate-not-yet-valid',
    pattern:
      /certificate is not yet valid|certificate has expired|certificate verify failed.*(?:expired|not yet valid)/i,
    cause: "a certificate's time is not the machine's time",
    explanation: "The machine's clock is wrong, or the certificate has run out: TLS refuses it.",
    next: "Compare the machine's clock (`timedatectl`, BIOS set-up) with the certificate's dates (`openssl x509 -dates`).",
    example:
      'Curl error (60): SSL peer certificate or SSH remote key was not OK [SSL certificate problem: certificate is not yet valid]',
  },
  {
    id: 'certificate-not-trusted',
    pattern:
      /ssl certificate problem|unable to get local issuer certificate|self[- ]signed certificate|certificate verify failed|curl(?:: | error )\(60\)/i,
    cause: 'a certificate is not trusted',
    explanation: 'The server shows a certificate that no CA known to the installer has signed.',
    next: "Add the CA's certificate to the profile, or serve the repository over http from the bastion.",
    example: 'SSL certificate problem: unable to get local issuer certificate',
  },
  {
    id: 'connection-refused',
    pattern: /connection refused|curl(?:: | error )\(7\)|failed to connect to .* port \d+/i,
    cause: 'a server refused the connection',
    explanation: 'The address was reached, but nothing listens on that port, or a firewall rejects it.',
    next: 'Check that the server of the repository runs and that its firewall lets the machines in.',
    example: "curl: (7) Failed to connect to 192.168.77.1 port 7071 after 0 ms: Couldn't connect to server",
    oftenHarmless: true,
  },
  {
    id: 'no-route',
    pattern: /no route to host|network is unreachable/i,
    cause: 'there is no route to a server',
    explanation:
      'The machine has an address but no way to the server: no default route, the wrong VLAN, or a cable that is out.',
    next: 'Check the gateway that DHCP gives and the VLAN of the switch port.',
    example: 'connect to 10.1.2.3 port 80 failed: No route to host',
  },
  {
    id: 'connection-timed-out',
    pattern:
      /curl(?:: | error )\(28\)|connection timed out|operation (?:timed out|too slow)|timeout was reached/i,
    cause: 'a server did not answer in time',
    explanation:
      'Packets to the server or back are lost: a firewall that drops them, or an overloaded server.',
    next: 'Try the address in the log with curl from another machine of the same network.',
    example:
      'Curl error (28): Timeout was reached for http://mirror/repodata/repomd.xml [Operation too slow.]',
    oftenHarmless: true,
  },
  {
    id: 'dhcp-timed-out',
    pattern:
      /dhcp(?:4|v4)?\b.*(?:timed out|timeout|no lease|request failed)|no dhcpoffers received|ip-config-unavailable|dhcp: no lease/i,
    cause: 'DHCP gave no address',
    explanation: 'The installer asked for an address and nobody answered, or the range is used up.',
    next: 'Read the DHCP lines for its MAC in the log of the bastion, and check the range and the VLAN.',
    example: 'dhcp4 (ens3): request timed out',
  },
  {
    id: 'link-down',
    pattern: /(?:no carrier|link is not ready|carrier not detected|nic link is down)/i,
    cause: 'a network link is down',
    explanation: 'The NIC has no carrier: cable, transceiver or switch port.',
    next: "Look at the NIC's LINK in labctl describe server, then at cable and switch port.",
    example: 'ens3: no carrier, waiting for the link',
    oftenHarmless: true,
  },
  {
    id: 'bastion-away',
    pattern: /no answer from http:\/\/\S+ \(try 3\)/i,
    cause: 'the bastion does not answer the machine',
    explanation: 'During the install the machine could not reach the bastion over HTTP.',
    next: 'Check BASTION_URL, the firewall of the bastion and the route between the two.',
    example: 'no answer from http://192.168.77.1:7071 (try 3)',
  },
  {
    id: 'kickstart-not-fetched',
    pattern: /failed to fetch kickstart|can't get kickstart from/i,
    cause: 'the kickstart could not be fetched',
    explanation:
      "The installer has booted but didn't get its kickstart: its address was used already, is over an hour old, or the network went away.",
    next: 'Queue the install again with labctl reprovision: each boot script has a new address.',
    example:
      'dracut-initqueue: Warning: anaconda: failed to fetch kickstart from http://192.168.77.1:7071/ks/install/***',
  },
  {
    id: 'stage2-not-found',
    pattern:
      /can't find installer main image path|failed to download (?:stage2|\S*squashfs\.img|\S*install\.img)|unable to find a live file system/i,
    cause: "the installer's second stage was not found",
    explanation:
      'inst.stage2 or inst.repo points to a folder without images/install.img, or it could not be read.',
    next: "Check that the profile's asset folder holds the whole install tree, with .treeinfo and images/.",
    example: "anaconda: can't find installer main image path in .treeinfo",
  },
  {
    id: 'repository-not-found',
    pattern:
      /status code: 404|error (?:404|setting up base repository)|404 not found|cannot download repomd\.xml|cannot prepare internal mirrorlist|all mirrors were tried/i,
    cause: 'the package repository is not where the profile says',
    explanation:
      'The server answered, but there is no repodata/repomd.xml, or a package that it lists is gone.',
    next: "Open the address in the log with curl; check `repository` of the profile and the asset folder's content.",
    example:
      'Status code: 404 for http://192.168.77.1:7071/assets/fedora-43/repodata/repomd.xml (IP: 192.168.77.1)',
  },
  {
    id: 'server-error',
    pattern: /status code: 5\d\d|http(?:\/\d(?:\.\d)?)? 5\d\d\b|curl(?:: | error )\(22\).*5\d\d/i,
    cause: 'the server of the repository failed',
    explanation: 'It answered with an error of its own (5xx).',
    next: "Look into that server's log; try again when it is well.",
    example: 'Status code: 503 for http://mirror/Packages/b/bash.rpm',
  },
  {
    id: 'not-authorized',
    pattern: /status code: 40[13]|curl(?:: | error )\(22\).*40[13]|http 40[13]\b/i,
    cause: 'the server refused access',
    explanation: 'A user name, a token or an entitlement is missing or has expired.',
    next: 'Check what the repository asks for; RHEL needs a subscription or a mirrored tree.',
    example: 'Status code: 403 for https://cdn.redhat.com/content/dist/rhel9/repodata/repomd.xml',
  },
];
