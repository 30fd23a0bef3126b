import type { DiagnosisRule } from './diagnosis-rule.js';

/** Packages and scripts. */
export const PACKAGE_RULES: readonly DiagnosisRule[] = [
  {
    id: 'package-missing',
    pattern:
      /no match for argument|missing packages?:|unable to find a match|nothing provides |the following problem occurred during the transaction|no group named|no such package/i,
    cause: 'a package or group is not in the repositories',
    explanation:
      'The profile, the role or a dependency names a package that the repositories of this release do not have.',
    next: 'Compare the name in the log with `dnf repoquery`; correct the profile or role, or add the repository that has it.',
    example: 'No match for argument: k3s-selinux',
  },
  {
    id: 'package-conflict',
    pattern:
      /conflicts with file from package|file .* conflicts between attempted installs|package \S+ conflicts with|cannot install both/i,
    cause: 'two packages contradict each other',
    explanation: 'They own the same file, or one declares a conflict with the other.',
    next: 'Take one of the two out of the profile or role.',
    example:
      'package firewalld-2.3.0-1.fc43.noarch conflicts with iptables-services provided by iptables-services-1.8.11',
  },
  {
    id: 'checksum-mismatch',
    pattern:
      /checksum (?:doesn't match|error|mismatch|failed)|digest .*(?:bad|mismatch)|md5sum mismatch|payload sha256.*bad/i,
    cause: 'what was downloaded is damaged',
    explanation:
      "A file's checksum is not the one that its index names: a broken mirror, a half-synced tree, a proxy, or bad memory.",
    next: 'Sync the asset folder again and verify the medium it came from (`checkisomd5`).',
    example:
      "Error: Downloading successful, but checksum doesn't match. Calculated: 5ab1(sha256) Expected: 77c0(sha256)",
  },
  {
    id: 'signature-invalid',
    pattern:
      /gpg check failed|signature verification failed|public key (?:for .* )?is not (?:installed|trusted)|openpgp check failed|no public key/i,
    cause: "a package's signature could not be checked",
    explanation: "The key that signed it isn't known, or the package was changed.",
    next: "Import the repository's key in the profile, or correct the mirror.",
    example: 'Error: GPG check FAILED: Public key for bash-5.3-2.fc43.x86_64.rpm is not installed',
  },
  {
    id: 'package-script-failed',
    pattern:
      /scriptlet failed|error in (?:pre|post)(?:in|un|trans)\w* scriptlet|%(?:prein|post|pretrans|posttrans)\(.*failed/i,
    cause: "a package's own script failed",
    explanation: 'The package was unpacked, but what it runs at its installation ended with an error.',
    next: 'Read the lines before it; often a full disk or a missing device in the chroot.',
    example: 'error: %post(kernel-core-6.17.1-300.fc43.x86_64) scriptlet failed, exit status 1',
  },
  {
    id: 'transaction-failed',
    pattern:
      /dnf(?:5)? error|error running transaction|the transaction (?:process|couldn't|failed)|payload installation (?:failed|error)|an error occurred during the transaction/i,
    cause: 'the installation of the packages failed',
    explanation: 'The package manager gave up; the lines around it say at which package.',
    next: 'labctl logs SERVER --stage packages, and look for the last package named.',
    example: 'anaconda.modules.payloads.payload.dnf: The transaction process has ended abruptly',
    oftenHarmless: true,
  },
  {
    id: 'kickstart-syntax',
    pattern:
      /kickstart(?:parse)?error|kickstart file .*(?:error|problem)|there was a problem reading from line|unknown command: |unknown option|the following problem occurred on line \d+ of the kickstart/i,
    cause: 'the kickstart is not valid for this installer',
    explanation:
      'It has a command or an option that this release of Anaconda does not know, or that is wrongly written.',
    next: "Run `ksvalidator` of that release on the profile's rendered kickstart.",
    example: 'The following problem occurred on line 12 of the kickstart file: Unknown command: autostep',
  },
  {
    id: 'script-syntax',
    pattern:
      /syntax error near unexpected token|unexpected eof while looking for|syntax error: unexpected end of file/i,
    cause: 'a script of the kickstart has a syntax error',
    explanation: 'bash could not read the section to its end.',
    next: 'Correct the script at the line that is named; `bash -n` and shellcheck find it.',
    example: "/tmp/ks-script-abc: line 41: syntax error near unexpected token `fi'",
  },
  {
    id: 'unbound-variable',
    pattern: /: unbound variable$|parameter (?:null or )?not set$/i,
    cause: 'a script used a variable that is not set',
    explanation: 'Sections run with `set -u`: an unset variable ends them.',
    next: 'Give the variable a value or a default, `${NAME:-default}`.',
    example: '/tmp/ks-script-abc: line 17: K3S_URL: unbound variable',
  },
  {
    id: 'command-missing',
    pattern: /: command not found$|: no such file or directory.*\b(?:bin|sbin)\/|\bexec: .*: not found/i,
    cause: 'a script called a program that is not there',
    explanation: 'In %post there is only what %packages installed; the image of %pre lacks many programs.',
    next: 'Add the package to the profile, or use what is there (BOOT-FACTS).',
    example: '/tmp/ks-script-abc: line 9: jq: command not found',
  },
  {
    id: 'ssh-key-invalid',
    pattern:
      /(?:invalid|bad|unreadable) (?:ssh )?(?:public )?key|is not a public key file|ssh-keygen: .*(?:invalid|not a)|key_load_public: invalid format/i,
    cause: 'an SSH key is not valid',
    explanation: 'One of the public keys for root or a user can not be read.',
    next: 'Check the key with `ssh-keygen -lf FILE` and provision again.',
    example: '/dev/stdin is not a public key file.',
  },
  {
    id: 'user-exists',
    pattern:
      /useradd: user '[^']*' already exists|groupadd: group '[^']*' already exists|user \S+ already exists/i,
    cause: 'a user or group exists already',
    explanation: 'A package or the kickstart made it before; useradd refuses a second one.',
    next: 'Choose another name, or make the script accept that it is there.',
    example: "useradd: user 'core' already exists",
    oftenHarmless: true,
  },
  {
    id: 'group-missing',
    pattern: /(?:usermod|useradd|gpasswd|chgrp|install): (?:invalid )?group:? '[^']*'(?: does not exist)?$/i,
    cause: 'a group does not exist on the installed system',
    explanation: 'A user of the install settings is to be in a group that no installed package has made.',
    next: 'Correct spec.users of the install settings (labctl get installsettings -o yaml), then labctl reprovision SERVER.',
    example: "usermod: group 'wheels' does not exist",
  },
  {
    id: 'service-not-enabled',
    pattern:
      /failed to enable unit|unit (?:file )?\S+(?:\.service)? (?:does not exist|not found)|first-boot report could not be enabled/i,
    cause: 'a service could not be enabled',
    explanation: 'Its package is not installed, or its unit is masked.',
    next: 'Add the package that brings the unit to the profile.',
    example: 'Failed to enable unit: Unit k3s.service does not exist',
    oftenHarmless: true,
  },
  {
    id: 'selinux-denied',
    pattern:
      /avc:\s+denied|selinux is preventing|setfiles: .*(?:error|could not)|restorecon: .*(?:not permitted|denied)/i,
    cause: 'SELinux refused something',
    explanation: 'A file has the wrong label, or a program does what the policy does not allow.',
    next: 'Run restorecon on the path that is named; `ausearch -m avc` on the machine has the details.',
    example:
      'type=AVC msg=audit(1763892000.1:42): avc:  denied  { write } for  pid=811 comm="k3s" name="cni"',
    oftenHarmless: true,
  },
];
