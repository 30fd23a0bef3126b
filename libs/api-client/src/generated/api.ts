// Generated from openapi.json by scripts/generate.mjs.
export interface paths {
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Log in with a password */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End this session */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replace both tokens of a session */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/whoami": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who you are and what you may do */
        get: operations["whoami"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bastions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bastions, by name */
        get: operations["listBastions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bastions/enrol": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Enrol a bastion with a join token */
        post: operations["enrolBastion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/installs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One install with its stages */
        get: operations["getInstall"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The kinds of resources, with their names and columns */
        get: operations["listResourceKinds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The servers that you may read, by name */
        get: operations["listServers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One server */
        get: operations["getServer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers/{ref}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel the install that is under way */
        post: operations["cancelInstall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers/{ref}/forget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Delete a server and its installs; the machine itself is left alone */
        post: operations["forgetServer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers/{ref}/installs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The installs of a server, newest first */
        get: operations["listInstalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers/{ref}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The log of an install */
        get: operations["getLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers/{ref}/logs/follow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An install as it happens
         * @description Named events: `stage` (an InstallStage), `log` (a LogLine), `state` (`{state, failure}`, at once and on each change). Their `id` is a cursor for `Last-Event-ID`. The stream ends when the install has ended and all its lines are out.
         */
        get: operations["followLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers/{ref}/provision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Queue the install of a server that has no system */
        post: operations["provisionServer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/servers/{ref}/reprovision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Queue another install, which erases the one before */
        post: operations["reprovisionServer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a join token, which is shown once */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the program runs */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether it can work: the database answers and is migrated */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Bastion: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            /** @enum {string} */
            kind: "Bastion";
            metadata: components["schemas"]["ResourceMetadata"];
            status: components["schemas"]["BastionStatus"];
        };
        BastionList: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            items: components["schemas"]["Bastion"][];
            /** @enum {string} */
            kind: "List";
            metadata: components["schemas"]["ListMetadata"];
        };
        BastionStatus: {
            /** Format: date-time */
            lastSeenAt: string | null;
            /** @enum {string} */
            link: "up" | "down";
            /**
             * @example [
             *       "fedora-43"
             *     ]
             */
            profiles: string[];
            /** @example 3 */
            servers: number;
            /** @example 0.1.0 */
            softwareVersion: string | null;
            /** @example http://192.168.77.1:7071 */
            url: string | null;
        };
        Condition: {
            /** @example 52:54:00:12:34:56 is also reported by node2 */
            message: string;
            /** @example SharedMac */
            reason: string;
            /**
             * Format: date-time
             * @example 2026-11-22T10:00:00.000Z
             */
            since: string;
            /** @example True */
            status: string;
            /** @example IdentityConflict */
            type: string;
        };
        CreateToken: {
            /** @default 3600 */
            expiresInSeconds: number;
            /** @enum {string} */
            kind: "bastion";
            /** @default 1 */
            maxUses: number;
        };
        Disk: {
            /** @example /dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_lab0001 */
            byId: string | null;
            /** @description Partitions, file systems or signatures were found on it. */
            hasData: boolean | null;
            /** @example QEMU NVMe Ctrl */
            model: string | null;
            /** @example nvme0n1 */
            name: string;
            removable: boolean | null;
            rotational: boolean | null;
            /** @example lab0001 */
            serial: string | null;
            /**
             * Format: int64
             * @example 268435456000
             */
            sizeBytes: number;
            /** @example nvme */
            transport: string | null;
            wwn: string | null;
        };
        DiskRule: {
            /** @example /dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_lab0001 */
            byId?: string;
            /**
             * Format: int64
             * @example 100000000000
             */
            minSizeBytes?: number;
            /** @example nvme0n1 */
            name?: string;
            /** @example lab0001 */
            serial?: string;
            wwn?: string;
        };
        Enrol: {
            /** @example site-a */
            name: string;
            token: string;
        };
        Enrolled: {
            /** Format: uuid */
            bastionId: string;
            /** @description Bearer credential of the link; shown only now. */
            credential: string;
        };
        FieldError: {
            /** @example must be an RFC 1123 host name */
            message: string;
            /** @example hostname */
            path: string;
        };
        Forgotten: {
            metadata: components["schemas"]["NamedRef"];
        };
        Hardware: {
            /** @example x86_64 */
            arch: string | null;
            /**
             * @example uefi
             * @enum {string|null}
             */
            bootMode: "uefi" | "bios" | null;
            /** @example 8 */
            cpuCores: number | null;
            /** @example Intel(R) Xeon(R) Gold 6130 */
            cpuModel: string | null;
            /** @example Dell Inc. */
            manufacturer: string | null;
            /**
             * Format: int64
             * @example 17179869184
             */
            memoryBytes: number | null;
            /** @example PowerEdge R640 */
            model: string | null;
            /** @example ABC1234 */
            serial: string | null;
            /** @example 4c4c4544-0034-4310-8052-b4c04f4b4d32 */
            smbiosUuid: string | null;
        };
        Health: {
            /** @example ok */
            status: string;
        };
        Install: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            /**
             * @description 1 for the server’s first install.
             * @example 1
             */
            attempt: number;
            failure: components["schemas"]["InstallFailure"] | null;
            /** Format: date-time */
            finishedAt: string | null;
            /** @example node1 */
            hostname: string;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "Install";
            /** @description Lines in its log. */
            logTotal: number;
            metadata: components["schemas"]["InstallMetadata"];
            /** @example fedora-43 */
            profile: string;
            /** Format: date-time */
            queuedAt: string;
            /** @example worker */
            role: components["schemas"]["ServerRole"];
            server: components["schemas"]["NamedRef"];
            /**
             * @description The stage that runs, or that came last.
             * @example packages
             */
            stage: string | null;
            /** @description Not in lists. */
            stages?: components["schemas"]["InstallStage"][];
            /** Format: date-time */
            startedAt: string | null;
            /** @example installing */
            state: components["schemas"]["InstallState"];
        };
        InstallFailure: {
            /** @example sfdisk /dev/vda */
            command: string | null;
            /** @example 1 */
            exitCode: number | null;
            lastLines: string[];
            /**
             * @description From 1, in the section’s own text.
             * @example 41
             */
            line: number | null;
            /** @example no disk matches the rule */
            message: string | null;
            /** @example %pre */
            section: string | null;
            /** @example disk */
            stage: components["schemas"]["StageName"];
        };
        InstallList: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            items: components["schemas"]["Install"][];
            /** @enum {string} */
            kind: "List";
            metadata: components["schemas"]["ListMetadata"];
        };
        InstallMetadata: {
            /** Format: date-time */
            createdAt: string;
            /** Format: uuid */
            id: string;
        };
        InstallStage: {
            /** Format: date-time */
            endedAt: string | null;
            failure: components["schemas"]["InstallFailure"] | null;
            message: string | null;
            /** @example disk */
            name: components["schemas"]["StageName"];
            /** Format: date-time */
            startedAt: string | null;
            state: components["schemas"]["StageState"];
            /** @example Disk choice */
            title: string;
        };
        /** @enum {string} */
        InstallState: "queued" | "booting" | "installing" | "finishing" | "succeeded" | "failed" | "cancelled";
        InstallSummary: {
            /**
             * @description 1 for the server’s first install.
             * @example 1
             */
            attempt: number;
            failure: components["schemas"]["InstallFailure"] | null;
            /** Format: date-time */
            finishedAt: string | null;
            /** @example node1 */
            hostname: string;
            /** Format: uuid */
            id: string;
            /** @example fedora-43 */
            profile: string;
            /** Format: date-time */
            queuedAt: string;
            /** @example worker */
            role: components["schemas"]["ServerRole"];
            /**
             * @description The stage that runs, or that came last.
             * @example packages
             */
            stage: string | null;
            /** Format: date-time */
            startedAt: string | null;
            /** @example installing */
            state: components["schemas"]["InstallState"];
        };
        JoinToken: {
            /** Format: date-time */
            expiresAt: string;
            /** @description Shown only now. */
            token: string;
        };
        ListMetadata: {
            /** @description Cursor of the next page; null on the last one. */
            continue: string | null;
        };
        LoggedInstall: {
            attempt: number;
            /** Format: uuid */
            id: string;
            /** @example installing */
            state: string;
        };
        Login: {
            /** Format: password */
            password: string;
            /** @example admin */
            username: string;
        };
        LogLine: {
            /** Format: date-time */
            at: string;
            /**
             * @description From 1 per install, without gaps.
             * @example 1
             */
            number: number;
            /** @example anaconda */
            source: string;
            /**
             * @example packages
             * @enum {string|null}
             */
            stage: "boot" | "kickstart" | "pre" | "hardware" | "disk" | "network" | "partitioning" | "packages" | "post" | "bootloader" | "hostname" | "users" | "ssh" | "k3s-prep" | "boot-order" | "metadata" | "reboot" | "first-boot" | null;
            /** @example Installing kernel-core (212/431) */
            text: string;
        };
        LogPage: {
            install: components["schemas"]["LoggedInstall"];
            lines: components["schemas"]["LogLine"][];
            logTotal: number;
            /** @description Pass it as `after` to get the next page; null: no more lines now. */
            next: number | null;
        };
        NamedRef: {
            /** Format: uuid */
            id: string;
            /** @example site-a */
            name: string;
        };
        Nic: {
            /**
             * @example [
             *       "192.168.77.100/24"
             *     ]
             */
            addresses: string[];
            /** @description The machine booted from this one. */
            boot: boolean;
            /** @example virtio_net */
            driver: string | null;
            /** @example true */
            linkUp: boolean | null;
            /** @example 52:54:00:12:34:56 */
            mac: string;
            /** @example ens3 */
            name: string;
            /**
             * @description Name of its network.
             * @example lab
             */
            network: string | null;
            /** @example 1000 */
            speedMbps: number | null;
        };
        PrintColumn: {
            /** @example NAME */
            heading: string;
            /** @example metadata.name */
            path: string;
            wide?: boolean;
        };
        Problem: {
            /** @example illegal-transition */
            code: string;
            /** @example node1: an install is running already */
            detail: string;
            errors?: components["schemas"]["FieldError"][];
            /** @example Wait for the install, or cancel it. */
            hint?: string;
            /**
             * @description Find it in the log.
             * @example 3f0e7a52-6c8f-4c55-8a5b-0f6a0f0f6d0a
             */
            requestId?: string;
            /** @example 409 */
            status: number;
            /** @example illegal transition */
            title: string;
            /** @example urn:lab:problem:illegal-transition */
            type: string;
        };
        Provision: {
            /**
             * @description Whether data found on the disk may be erased.
             * @default false
             */
            allowErase: boolean;
            disk?: components["schemas"]["DiskRule"];
            /**
             * @description RFC 1123; without it the server’s name.
             * @example node1
             */
            hostname?: string;
            /**
             * @description Disk layout by name; without it the role’s own.
             * @example worker
             */
            layout?: string;
            /**
             * @description One of the profiles of the server’s bastion.
             * @example fedora-43
             */
            profile: string;
            /** @example worker */
            role: components["schemas"]["ServerRole"];
            /**
             * @description OpenSSH public keys that may log in as root; without them nobody can.
             * @example [
             *       "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOJDlJyCVn2Zh2Y1Vr0tCzPzXHOSdAyIZJyWcwmZwOXz admin@lab"
             *     ]
             */
            sshKeys?: string[];
        };
        Refresh: {
            refreshToken: string;
        };
        Reprovision: {
            disk?: components["schemas"]["DiskRule"];
            /**
             * @description RFC 1123; without it the server’s name.
             * @example node1
             */
            hostname?: string;
            /**
             * @description Disk layout by name; without it the role’s own.
             * @example worker
             */
            layout?: string;
            /** @example fedora-43 */
            profile?: string;
            /** @example worker */
            role?: components["schemas"]["ServerRole"];
            /**
             * @description OpenSSH public keys that may log in as root; without them nobody can.
             * @example [
             *       "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOJDlJyCVn2Zh2Y1Vr0tCzPzXHOSdAyIZJyWcwmZwOXz admin@lab"
             *     ]
             */
            sshKeys?: string[];
        };
        ResourceCatalog: {
            items: components["schemas"]["ResourceKind"][];
        };
        ResourceKind: {
            /**
             * @example [
             *       "srv"
             *     ]
             */
            aliases: string[];
            columns: components["schemas"]["PrintColumn"][];
            /** @example Server */
            kind: string;
            /** @example servers */
            plural: string;
            /** @example server */
            singular: string;
            /**
             * @example [
             *       "get",
             *       "describe"
             *     ]
             */
            verbs: string[];
        };
        ResourceMetadata: {
            /** @example {} */
            annotations: {
                [key: string]: string;
            };
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: uuid
             * @example 0b9f6c1e-3c52-4f0e-9d5e-0d9b4f8f0a11
             */
            id: string;
            /**
             * @example {
             *       "rack": "a1"
             *     }
             */
            labels: {
                [key: string]: string;
            };
            /** @example node1 */
            name: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description Grows with every change.
             * @example 3
             */
            version: number;
        };
        Server: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            /** @enum {string} */
            kind: "Server";
            metadata: components["schemas"]["ResourceMetadata"];
            spec: components["schemas"]["ServerSpec"];
            status: components["schemas"]["ServerStatus"];
        };
        ServerList: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            items: components["schemas"]["Server"][];
            /** @enum {string} */
            kind: "List";
            metadata: components["schemas"]["ListMetadata"];
        };
        /** @enum {string} */
        ServerPhase: "discovered" | "provisioning" | "installed" | "failed";
        /** @enum {string} */
        ServerRole: "worker" | "control-plane" | "infra" | "vanilla";
        ServerSpec: {
            /** @example default */
            cloud: string;
            /** @example default */
            environment: string;
            /**
             * @description What the server is for.
             * @example worker
             * @enum {string|null}
             */
            role: "worker" | "control-plane" | "infra" | "vanilla" | null;
        };
        ServerStatus: {
            /**
             * @description Without prefix length.
             * @example 192.168.77.100
             */
            address: string | null;
            bastion: components["schemas"]["NamedRef"] | null;
            conditions: components["schemas"]["Condition"][];
            disks: components["schemas"]["Disk"][];
            hardware: components["schemas"]["Hardware"];
            /** @description The newest install. */
            install: components["schemas"]["InstallSummary"] | null;
            /** Format: date-time */
            lastSeenAt: string | null;
            /**
             * @description MAC of the NIC that booted.
             * @example 52:54:00:12:34:56
             */
            mac: string | null;
            nics: components["schemas"]["Nic"][];
            /**
             * @description Profile that is installed or being installed.
             * @example fedora-43
             */
            os: string | null;
            /** @example installed */
            phase: components["schemas"]["ServerPhase"];
            system: components["schemas"]["System"] | null;
        };
        Session: {
            /** @description Send it as `Authorization: Bearer …`; good for 15 minutes. */
            accessToken: string;
            /**
             * Format: date-time
             * @description When the access token expires.
             */
            expiresAt: string;
            /** @description Good once, for 30 days; each refresh gives another. */
            refreshToken: string;
            /** @example admin */
            username: string;
        };
        /** @enum {string} */
        StageName: "boot" | "kickstart" | "pre" | "hardware" | "disk" | "network" | "partitioning" | "packages" | "post" | "bootloader" | "hostname" | "users" | "ssh" | "k3s-prep" | "boot-order" | "metadata" | "reboot" | "first-boot";
        /** @enum {string} */
        StageState: "pending" | "running" | "succeeded" | "failed";
        System: {
            /**
             * @example [
             *       "192.168.77.100/24"
             *     ]
             */
            addresses: string[];
            /**
             * @example [
             *       "ssh-ed25519 AAAAC3Nza…"
             *     ]
             */
            hostKeys: string[];
            /** @example node1 */
            hostname: string | null;
            /** @example 6.17.1 */
            kernelVersion: string | null;
            /** @example Fedora Linux 43 */
            osName: string | null;
        };
        Whoami: {
            /**
             * @example [
             *       "admin:*:*:*"
             *     ]
             */
            permissions: string[];
            /**
             * @example [
             *       "admin"
             *     ]
             */
            roles: string[];
            /** @example admin */
            username: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not logged in, or the token has expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts; `Retry-After` says when to try again. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not logged in, or the token has expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Refresh"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not logged in, or the token has expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    whoami: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whoami"];
                };
            };
            /** @description Not logged in, or the token has expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listBastions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BastionList"];
                };
            };
            /** @description Not logged in, or the token has expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    enrolBastion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Enrol"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enrolled"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not logged in, or the token has expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is ambiguous, exists already, has changed meanwhile, or can’t be done in its present phase. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getInstall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Install"];
                };
            };
            /** @description Not logged in, or the token has expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or you may not read it. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listResourceKinds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceCatalog"];
                };
            };
            /** @description Not logged in, or the token has expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listServers: {
        parameters: {
            query?: {
                /** @description Name or ID. */
                bastion?: string;
                cloud?: string;
                /** @description `metadata.continue` of the page before. */
                continue?: string;
                environment?: string;
                limit?: number;
                role?: components["schemas"]["ServerRole"];
                status?: components["schemas"]["ServerPhase"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not logged in, or the token has expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getServer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name, ID or MAC address in any notation. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Server"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not logged in, or the token has expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or you may not read it. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is ambiguous, exists already, has changed meanwhile, or can’t be done in its present phase. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelInstall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name, ID or MAC address in any notation. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Server"];
                };
            };
            /** @description Not logged in, or the token has expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or you may not read it. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is ambiguous, exists already, has changed meanwhile, or can’t be done in its present phase. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forgetServer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name, ID or MAC address in any notation. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Forgotten"];
                };
            };
            /** @description Not logged in, or the token has expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or you may not read it. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is ambiguous, exists already, has changed meanwhile, or can’t be done in its present phase. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listInstalls: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name, ID or MAC address in any notation. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstallList"];
                };
            };
            /** @description Not logged in, or the token has expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or you may not read it. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is ambiguous, exists already, has changed meanwhile, or can’t be done in its present phase. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLogs: {
        parameters: {
            query?: {
                /** @description Only lines with a higher number. */
                after?: number;
                /** @description Attempt; the newest install without it. */
                install?: number;
                limit?: number;
                stage?: "boot" | "kickstart" | "pre" | "hardware" | "disk" | "network" | "partitioning" | "packages" | "post" | "bootloader" | "hostname" | "users" | "ssh" | "k3s-prep" | "boot-order" | "metadata" | "reboot" | "first-boot";
                /** @description Only the last lines. */
                tail?: number;
            };
            header?: never;
            path: {
                /** @description Name, ID or MAC address in any notation. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogPage"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not logged in, or the token has expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or you may not read it. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is ambiguous, exists already, has changed meanwhile, or can’t be done in its present phase. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followLogs: {
        parameters: {
            query?: {
                /** @description Attempt; the newest install without it. */
                install?: number;
                /** @description Only the last lines. */
                tail?: number;
            };
            header?: {
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description Name, ID or MAC address in any notation. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not logged in, or the token has expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or you may not read it. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is ambiguous, exists already, has changed meanwhile, or can’t be done in its present phase. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts; `Retry-After` says when to try again. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    provisionServer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name, ID or MAC address in any notation. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Provision"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Server"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not logged in, or the token has expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or you may not read it. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is ambiguous, exists already, has changed meanwhile, or can’t be done in its present phase. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reprovisionServer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name, ID or MAC address in any notation. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reprovision"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Server"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not logged in, or the token has expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or you may not read it. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is ambiguous, exists already, has changed meanwhile, or can’t be done in its present phase. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateToken"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JoinToken"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not logged in, or the token has expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
}
