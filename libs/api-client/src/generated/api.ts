// Generated from openapi.json by scripts/generate.mjs.
export interface paths {
    "/api/v1/apitokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The apitokens that you may read
         * @description Needs a login.
         */
        get: operations["listApiTokens"];
        put?: never;
        /**
         * Create a apitoken
         * @description Needs a login.
         */
        post: operations["createApiToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apitokens/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One apitoken
         * @description Needs a login.
         */
        get: operations["getApiToken"];
        put?: never;
        post?: never;
        /**
         * Delete a apitoken; refused while others depend on it
         * @description Needs a login.
         */
        delete: operations["deleteApiToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make resources be as documents say
         * @description Creates what isn’t there and changes what differs; what labd alone writes (`status`, `metadata.id` …) is passed over, so that the output of GET can be applied. `metadata.version` guards against changes since it was read. All documents are tried.
         *
         *     Needs a login.
         */
        post: operations["apply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who did what, newest first
         * @description Needs `admin:*:*:*`.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One entry
         * @description Needs `admin:*:*:*`.
         */
        get: operations["getAuditEntry"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/head": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the chain stands, to be kept outside the database
         * @description `verify` with a head that was exported earlier finds a tail that was cut off, or a database that was set back.
         *
         *     Needs `admin:*:*:*`.
         */
        get: operations["getAuditHead"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check the whole chain
         * @description Needs `admin:*:*:*`.
         */
        post: operations["verifyAudit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/can-i": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Whether you may do something
         * @description Needs a login.
         */
        post: operations["canI"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
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
        /**
         * End this session
         * @description Needs a login.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The identity provider, if there is one */
        get: operations["getOidcProvider"];
        put?: never;
        /**
         * Log in with an ID token of the identity provider
         * @description The token comes from an authorization code with PKCE, as `labctl login --oidc` gets one. Who is new becomes a user with the roles that their groups bring. The session ends after 12 hours.
         */
        post: operations["loginWithOidc"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change your password; your other sessions end
         * @description Needs a login.
         */
        post: operations["changePassword"];
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
        /**
         * Who you are and what you may do
         * @description Needs a login.
         */
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
        /**
         * The bastions that you may read
         * @description Needs `read:<cloud>:<environment>:*`.
         */
        get: operations["listBastions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bastions/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One bastion
         * @description Needs `read:<cloud>:<environment>:*`.
         */
        get: operations["getBastion"];
        /**
         * Replace what is written of a bastion
         * @description Needs `admin:<cloud>:<environment>:*`.
         */
        put: operations["replaceBastion"];
        post?: never;
        /**
         * Delete a bastion; refused while others depend on it
         * @description Needs `admin:<cloud>:<environment>:*`.
         */
        delete: operations["deleteBastion"];
        options?: never;
        head?: never;
        /**
         * Change parts of a bastion
         * @description Needs `admin:<cloud>:<environment>:*`.
         */
        patch: operations["patchBastion"];
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
    "/api/v1/clusters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The clusters that you may read
         * @description Needs `read:<cloud>:<environment>:*`.
         */
        get: operations["listClusters"];
        put?: never;
        /**
         * Create a cluster
         * @description Needs `apply:<cloud>:<environment>:*`.
         */
        post: operations["createCluster"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clusters/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One cluster
         * @description Needs `read:<cloud>:<environment>:*`.
         */
        get: operations["getCluster"];
        /**
         * Replace what is written of a cluster
         * @description Needs `apply:<cloud>:<environment>:*`.
         */
        put: operations["replaceCluster"];
        post?: never;
        /**
         * Delete a cluster; refused while others depend on it
         * @description Needs `destroy:<cloud>:<environment>:*`.
         */
        delete: operations["deleteCluster"];
        options?: never;
        head?: never;
        /**
         * Change parts of a cluster
         * @description Needs `apply:<cloud>:<environment>:*`.
         */
        patch: operations["patchCluster"];
        trace?: never;
    };
    "/api/v1/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What apply would change; commits nothing
         * @description Needs a login.
         */
        post: operations["diff"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/handovers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Enrol a bastion that brings its history along */
        post: operations["openHandover"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/handovers/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a hand-over of which all has come */
        post: operations["completeHandover"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/handovers/{id}/parts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take in a part of a hand-over, by the credential of its bastion */
        post: operations["takeHandoverPart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/handovers/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what stands in the way of a hand-over */
        post: operations["checkHandover"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/installs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The installs that you may read, newest first, without their stages
         * @description Needs `read:<cloud>:<environment>:<server>`.
         */
        get: operations["listInstalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/installs/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One install with its stages
         * @description Needs `read:<cloud>:<environment>:<server>`.
         */
        get: operations["getInstall"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/installsettings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The installsettings that you may read
         * @description Needs `read:<cloud>:<environment>:*`.
         */
        get: operations["listInstallSettingss"];
        put?: never;
        /**
         * Create a installsettings
         * @description Needs `apply:<cloud>:<environment>:*`.
         */
        post: operations["createInstallSettings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/installsettings/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One installsettings
         * @description Needs `read:<cloud>:<environment>:*`.
         */
        get: operations["getInstallSettings"];
        /**
         * Replace what is written of a installsettings
         * @description Needs `apply:<cloud>:<environment>:*`.
         */
        put: operations["replaceInstallSettings"];
        post?: never;
        /**
         * Delete a installsettings; refused while others depend on it
         * @description Needs `destroy:<cloud>:<environment>:*`.
         */
        delete: operations["deleteInstallSettings"];
        options?: never;
        head?: never;
        /**
         * Change parts of a installsettings
         * @description Needs `apply:<cloud>:<environment>:*`.
         */
        patch: operations["patchInstallSettings"];
        trace?: never;
    };
    "/api/v1/networks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The networks that you may read
         * @description Needs `read:<cloud>:<environment>:*`.
         */
        get: operations["listNetworks"];
        put?: never;
        /**
         * Create a network
         * @description Needs `apply:<cloud>:<environment>:*`.
         */
        post: operations["createNetwork"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/networks/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One network
         * @description Needs `read:<cloud>:<environment>:*`.
         */
        get: operations["getNetwork"];
        /**
         * Replace what is written of a network
         * @description Needs `apply:<cloud>:<environment>:*`.
         */
        put: operations["replaceNetwork"];
        post?: never;
        /**
         * Delete a network; refused while others depend on it
         * @description Needs `destroy:<cloud>:<environment>:*`.
         */
        delete: operations["deleteNetwork"];
        options?: never;
        head?: never;
        /**
         * Change parts of a network
         * @description Needs `apply:<cloud>:<environment>:*`.
         */
        patch: operations["patchNetwork"];
        trace?: never;
    };
    "/api/v1/networks/{ref}/leases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The DHCP leases in a network, by address
         * @description Needs `read:<cloud>:<environment>:*`.
         */
        get: operations["listNetworkLeases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/networks/{ref}/reservations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The addresses in a network that NICs of servers are declared with, by address
         * @description Needs `read:<cloud>:<environment>:*`.
         */
        get: operations["listNetworkReservations"];
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
        /**
         * The kinds of resources, with their names and columns
         * @description Needs a login.
         */
        get: operations["listResourceKinds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The roles that you may read
         * @description Needs `read:*:*:*`.
         */
        get: operations["listRoles"];
        put?: never;
        /**
         * Create a role
         * @description Needs `admin:*:*:*`.
         */
        post: operations["createRole"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One role
         * @description Needs `read:*:*:*`.
         */
        get: operations["getRole"];
        /**
         * Replace what is written of a role
         * @description Needs `admin:*:*:*`.
         */
        put: operations["replaceRole"];
        post?: never;
        /**
         * Delete a role; refused while others depend on it
         * @description Needs `admin:*:*:*`.
         */
        delete: operations["deleteRole"];
        options?: never;
        head?: never;
        /**
         * Change parts of a role
         * @description Needs `admin:*:*:*`.
         */
        patch: operations["patchRole"];
        trace?: never;
    };
    "/api/v1/servers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The servers that you may read
         * @description Needs `read:<cloud>:<environment>:<server>`.
         */
        get: operations["listServers"];
        put?: never;
        /**
         * Create a server
         * @description Needs `apply:<cloud>:<environment>:<server>`.
         */
        post: operations["createServer"];
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
        /**
         * One server
         * @description Needs `read:<cloud>:<environment>:<server>`.
         */
        get: operations["getServer"];
        /**
         * Replace what is written of a server
         * @description Needs `apply:<cloud>:<environment>:<server>`.
         */
        put: operations["replaceServer"];
        post?: never;
        /**
         * Forget a server: as POST …/forget, and answers what it was
         * @description Needs `destroy:<cloud>:<environment>:<server>`.
         */
        delete: operations["deleteServer"];
        options?: never;
        head?: never;
        /**
         * Change parts of a server
         * @description Needs `apply:<cloud>:<environment>:<server>`.
         */
        patch: operations["patchServer"];
        trace?: never;
    };
    "/api/v1/servers/{ref}/adopt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Join two records of one machine: the server takes the machine of the other, which is deleted
         * @description Needs `apply:<cloud>:<environment>:<server>`.
         */
        post: operations["adoptServer"];
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
        /**
         * Cancel the install that is under way
         * @description Needs `apply:<cloud>:<environment>:<server>`.
         */
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
        /**
         * Delete a server and its installs; the machine itself is left alone
         * @description Needs `destroy:<cloud>:<environment>:<server>`.
         */
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
        /**
         * The installs of a server, newest first
         * @description Needs `read:<cloud>:<environment>:<server>`.
         */
        get: operations["listServerInstalls"];
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
        /**
         * The log of an install
         * @description Needs `read:<cloud>:<environment>:<server>`.
         */
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
         *
         *     Needs `read:<cloud>:<environment>:<server>`.
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
    "/api/v1/servers/{ref}/netboot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the machine met on its way from power-on to its kernel, and its DHCP leases
         * @description Needs `read:<cloud>:<environment>:<server>`.
         */
        get: operations["getServerNetboot"];
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
        /**
         * Queue the install of a server that has no system
         * @description Needs `apply:<cloud>:<environment>:<server>`.
         */
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
        /**
         * Queue another install, which erases the one before
         * @description Needs `apply:<cloud>:<environment>:<server>`.
         */
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
        /**
         * The tokens that you may read
         * @description Needs `admin:*:*:*`.
         */
        get: operations["listJoinTokens"];
        put?: never;
        /**
         * Create a token
         * @description Needs `admin:*:*:*`.
         */
        post: operations["createJoinToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One token
         * @description Needs `admin:*:*:*`.
         */
        get: operations["getJoinToken"];
        put?: never;
        post?: never;
        /**
         * Delete a token; refused while others depend on it
         * @description Needs `admin:*:*:*`.
         */
        delete: operations["deleteJoinToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The users that you may read
         * @description Needs `admin:*:*:*`.
         */
        get: operations["listUsers"];
        put?: never;
        /**
         * Create a user
         * @description Needs `admin:*:*:*`.
         */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One user
         * @description Needs `admin:*:*:*`.
         */
        get: operations["getUser"];
        /**
         * Replace what is written of a user
         * @description Needs `admin:*:*:*`.
         */
        put: operations["replaceUser"];
        post?: never;
        /**
         * Delete a user; refused while others depend on it
         * @description Needs `admin:*:*:*`.
         */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        /**
         * Change parts of a user
         * @description Needs `admin:*:*:*`.
         */
        patch: operations["patchUser"];
        trace?: never;
    };
    "/api/v1/users/{ref}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set a user’s password; all their sessions end
         * @description Needs `admin:*:*:*`.
         */
        put: operations["setPassword"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/watch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Changes of resources as they happen
         * @description Named events: first `ready` (`{cursor}`), then `added`, `modified` and `deleted` (`{type, kind, object}`), each once and in order. What comes into your sight is `added`, what leaves it is `deleted`. Their `id` is a cursor for `since` or `Last-Event-ID`, on any replica. To follow a list without a gap, begin to watch, then list. An `error` event (a problem) ends the stream.
         *
         *     Needs a login.
         */
        get: operations["watch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/watch/{plural}/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Changes of one resource as they happen
         * @description Named events: first `ready` (`{cursor}`), then `added`, `modified` and `deleted` (`{type, kind, object}`), each once and in order. What comes into your sight is `added`, what leaves it is `deleted`. Their `id` is a cursor for `since` or `Last-Event-ID`, on any replica. To follow a list without a gap, begin to watch, then list. An `error` event (a problem) ends the stream.
         *
         *     Needs a login.
         */
        get: operations["watchOne"];
        put?: never;
        post?: never;
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
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics for Prometheus
         * @description Give Prometheus an API token whose scope is `read:*:*:*`, as its `bearer_token`.
         *
         *     Needs `read:*:*:*`.
         */
        get: operations["getMetrics"];
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
        Access: {
            destroy: components["schemas"]["Action"];
            read: components["schemas"]["Action"];
            write: components["schemas"]["Action"];
        };
        /** @enum {string} */
        Action: "read" | "apply" | "destroy" | "admin";
        /**
         * @description How the installed system gives it an address; without it static if there is an address, else DHCP.
         * @enum {string}
         */
        AddressMethod: "dhcp" | "static" | "none";
        AddressRange: {
            /** @example 192.168.77.100 */
            first: string;
            /** @example 192.168.77.200 */
            last: string;
        };
        Adopt: {
            /** @description Though both were heard of at the same time, and so look like two machines. */
            force?: boolean;
            /**
             * @description Name, ID or MAC of the server whose machine is taken over; it is deleted.
             * @example srv-123456
             */
            from: string;
        };
        ApiToken: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            /** @enum {string} */
            kind: "ApiToken";
            metadata: components["schemas"]["ResourceMetadata"];
            spec: components["schemas"]["ApiTokenSpec"];
            status: components["schemas"]["ApiTokenStatus"];
        };
        ApiTokenList: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            items: components["schemas"]["ApiToken"][];
            /** @enum {string} */
            kind: "List";
            metadata: components["schemas"]["ListMetadata"];
        };
        ApiTokenSpec: {
            /**
             * @description Null: it doesn’t expire.
             * @default 7776000
             */
            expiresInSeconds: number | null;
            /**
             * @description What it may do at most, within what its user may at the time. Null: all of that.
             * @example [
             *       "read:*:*:*"
             *     ]
             */
            scope?: string[] | null;
        };
        ApiTokenStatus: {
            /** Format: date-time */
            expiresAt: string | null;
            /**
             * Format: date-time
             * @description To the minute.
             */
            lastUsedAt: string | null;
            /** @description Only in the answer that made it. */
            token?: string;
            /**
             * @description For whom it acts.
             * @example mara
             */
            user: string;
        };
        Applied: {
            /** @enum {string} */
            action: "created" | "configured" | "unchanged" | "failed";
            /** @description What differs from what was. */
            changes: components["schemas"]["FieldChange"][];
            /** @description Which document, from 0. */
            index: number;
            /** @example Network */
            kind: string;
            /** @example lab */
            name: string;
            /** @description Why it failed. */
            problem?: components["schemas"]["Problem"];
        };
        ApplyResult: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            /** @description Nothing was committed. */
            dryRun: boolean;
            /** @description Documents that failed; the others were applied. */
            failed: number;
            items: components["schemas"]["Applied"][];
            /** @enum {string} */
            kind: "ApplyResult";
        };
        AuditEntry: {
            /**
             * @description `refused` for what somebody was not allowed.
             * @example update
             */
            action: string;
            /** @example user:admin */
            actor: string;
            after: {
                [key: string]: unknown;
            } | null;
            /** @enum {string} */
            apiVersion: "lab/v1";
            /** Format: date-time */
            at: string;
            before: {
                [key: string]: unknown;
            } | null;
            cloud: string | null;
            environment: string | null;
            hash: string | null;
            /** @enum {string} */
            kind: "AuditEntry";
            metadata: components["schemas"]["ResourceMetadata"];
            /** @description Find it in labd’s log. */
            requestId: string | null;
            resourceId: string | null;
            /** @example Server */
            resourceKind: string;
            /** @example node1 */
            resourceName: string | null;
            /**
             * Format: int64
             * @description Place in the chain; null until it is sealed, a second at most.
             */
            seq: number | null;
            /**
             * @description Address of the peer, or `link`.
             * @example 10.0.0.5
             */
            source: string | null;
        };
        AuditEntryList: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            items: components["schemas"]["AuditEntry"][];
            /** @enum {string} */
            kind: "List";
            metadata: components["schemas"]["ListMetadata"];
        };
        AuditHead: {
            /** @description SHA-256 in hex of the row with that number. */
            hash: string;
            /**
             * Format: int64
             * @example 42
             */
            seq: number;
            /** @description HMAC-SHA-256 in hex: only labd makes one. */
            signature: string;
        };
        AuditVerdict: {
            broken: components["schemas"]["ChainBreak"] | null;
            /** @description Whether the chain holds. */
            intact: boolean;
            /**
             * Format: int64
             * @description Sealed rows that hold.
             */
            rows: number;
            /** @description Rows that wait to be sealed. */
            unsealed: number;
        };
        Awaited: {
            /** @example the installer on the machine */
            from: string;
            /** Format: date-time */
            since: string;
            /** @example packages */
            stage: components["schemas"]["StageName"] | null;
            /**
             * Format: date-time
             * @description From then on the server is Stuck.
             */
            until: string;
            /** @example to finish the packages */
            what: string;
        };
        Bastion: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            /** @enum {string} */
            kind: "Bastion";
            metadata: components["schemas"]["ResourceMetadata"];
            spec: components["schemas"]["BastionSpec"];
            status: components["schemas"]["BastionStatus"];
        };
        BastionLink: {
            link: components["schemas"]["LinkState"];
            /** @example site-a */
            name: string;
        };
        BastionList: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            items: components["schemas"]["Bastion"][];
            /** @enum {string} */
            kind: "List";
            metadata: components["schemas"]["ListMetadata"];
        };
        BastionSpec: {
            /**
             * @default default
             * @example default
             */
            cloud: string;
            /**
             * @default default
             * @example default
             */
            environment: string;
        };
        BastionStatus: {
            /** @description What it has to say of itself, such as a flood of new machines. */
            conditions: components["schemas"]["Condition"][];
            /** @description Profiles that can’t be installed as it is: an order of one is refused. */
            incompleteProfiles: components["schemas"]["IncompleteProfile"][];
            /**
             * @description Profiles whose install tree is there, or that need none.
             * @example [
             *       "fedora-43"
             *     ]
             */
            installableProfiles: string[];
            /** Format: date-time */
            lastSeenAt: string | null;
            /**
             * @description Disk layouts; null: not told.
             * @example [
             *       "worker",
             *       "small"
             *     ]
             */
            layouts: string[] | null;
            /** @enum {string} */
            link: "up" | "down";
            /**
             * @example [
             *       "fedora-43"
             *     ]
             */
            profiles: string[];
            /**
             * @description Roles; null: not told.
             * @example [
             *       "worker"
             *     ]
             */
            roles: string[] | null;
            /** @example 3 */
            servers: number;
            /** @example 0.1.0 */
            softwareVersion: string | null;
            /** @example http://192.168.77.1:7071 */
            url: string | null;
        };
        /** @enum {string} */
        BondMode: "active-backup" | "802.3ad" | "balance-rr" | "balance-xor" | "broadcast" | "balance-tlb" | "balance-alb";
        BootEntry: {
            /** @enum {string} */
            kind: "network" | "disk" | "other";
            /**
             * @description The firmware’s own text.
             * @example UEFI PXEv4 (MAC:525400123456)
             */
            label: string;
            /** @example 0003 */
            number: string;
        };
        BootOrder: {
            /** @description At the first boot, in the firmware’s order. */
            after: components["schemas"]["BootEntry"][] | null;
            /** @description By the server’s record, else by the profile. */
            asked: components["schemas"]["BootOrderChoice"];
            /** @description Before the install, in the firmware’s order. */
            before: components["schemas"]["BootEntry"][] | null;
            /** @description Whether it was still so at the first boot; null: not known. */
            kept: boolean | null;
            /** @description set: the firmware took it. bios: there is no such order. */
            outcome: components["schemas"]["BootOrderOutcome"];
        };
        /**
         * @description By the server’s record, else by the profile.
         * @enum {string}
         */
        BootOrderChoice: "network-first" | "disk-first";
        /**
         * @description set: the firmware took it. bios: there is no such order.
         * @enum {string}
         */
        BootOrderOutcome: "set" | "refused" | "unknown" | "no-network-entry" | "no-disk-entry" | "bios";
        CanI: {
            /** @example default */
            cloud?: string | null;
            /** @example default */
            environment?: string | null;
            /**
             * @description Kind, by name or alias.
             * @example servers
             */
            kind: string;
            /**
             * @description A very resource; without it: any at all.
             * @example node1
             */
            name?: string | null;
            /**
             * @description A verb of labctl (get, create, provision, delete …).
             * @example provision
             */
            verb: string;
        };
        CanIAnswer: {
            allowed: boolean;
            /**
             * @description The permission that it takes.
             * @example apply:default:default:node1
             */
            needed: string;
        };
        Certificate: {
            /** Format: date-time */
            notAfter: string;
            /** @example CN=Lab CA */
            subject: string;
        };
        ChainBreak: {
            /** @example its content was changed, or another key is in use */
            problem: string;
            /**
             * @description Number of the row.
             * @example 17
             */
            seq: string;
        };
        ChangePassword: {
            /** Format: password */
            current: string;
            /** Format: password */
            next: string;
        };
        CheckedServer: {
            /** Format: uuid */
            id: string;
            /** @description MAC addresses that it boots from, or that were declared. */
            macs: string[];
            /** @example node1 */
            name: string;
        };
        CheckHandover: {
            /**
             * @example [
             *       "prod"
             *     ]
             */
            clusters: string[];
            /**
             * @description Of the bastion.
             * @example site-a
             */
            name: string;
            /**
             * @example [
             *       "lab"
             *     ]
             */
            networks: string[];
            /** @example [] */
            servers: components["schemas"]["CheckedServer"][];
            /**
             * @description A join token, which is not used up.
             * @example lab_join_nJ0b4pNqN7bB0V1m2XfO3rKc9wZkQyTgUeHs5iLdAaM
             */
            token: string;
        };
        Cluster: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            /** @enum {string} */
            kind: "Cluster";
            metadata: components["schemas"]["ResourceMetadata"];
            spec: components["schemas"]["ClusterSpec"];
            status: components["schemas"]["ClusterStatus"];
        };
        ClusterList: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            items: components["schemas"]["Cluster"][];
            /** @enum {string} */
            kind: "List";
            metadata: components["schemas"]["ListMetadata"];
        };
        ClusterMember: {
            /**
             * @default worker
             * @example control-plane
             * @enum {string}
             */
            role: "control-plane" | "worker";
            /**
             * @description Name, ID or MAC address in any notation; shown by its name.
             * @example node1
             */
            server: string;
        };
        ClusterSpec: {
            /**
             * @default default
             * @example default
             */
            cloud: string;
            /**
             * @default k3s
             * @enum {string}
             */
            distribution: "k3s";
            /** @example cluster.local */
            domain?: string | null;
            /**
             * @description URL of the API server.
             * @example https://192.168.77.10:6443
             */
            endpoint?: string | null;
            /**
             * @default default
             * @example default
             */
            environment: string;
            members?: components["schemas"]["ClusterMember"][];
            /**
             * @description Null: the newest that the bastion has.
             * @example v1.33.5+k3s1
             */
            version?: string | null;
        };
        ClusterStatus: {
            /** @example 1 */
            controlPlanes: number;
            /**
             * @description Members whose system is installed.
             * @example 3
             */
            installed: number;
            /** @example 3 */
            members: number;
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
            /**
             * @description Stuck, LinkLost, DiskMismatch, IdentityConflict, SharedMac, BootOrderIgnored, InstallContested, DiscoveryFlooded, ConnectionsRefused, DhcpProblem, UnconfirmedDropped, NotServed, UnconfirmedServersDropped; more may come.
             * @example IdentityConflict
             */
            type: string;
        };
        DeclaredNic: {
            /**
             * @description Of the installed system. Without a prefix length it has the network’s.
             * @example 192.168.77.10/24
             */
            address?: string;
            /** @description It is a port of that bond; one of the ports says the address and the rest. */
            bond?: components["schemas"]["NicBond"];
            /**
             * @description Without it, the network’s.
             * @example 192.168.77.1
             */
            gateway?: string;
            /**
             * @description In any usual notation; no other server may have it.
             * @example 52:54:00:12:34:56
             */
            mac: string;
            /** @description How the installed system gives it an address; without it static if there is an address, else DHCP. */
            method?: components["schemas"]["AddressMethod"];
            /**
             * @description The kernel’s name, until a report says it.
             * @example ens3
             */
            name?: string;
            /**
             * @example [
             *       "192.168.77.1"
             *     ]
             */
            nameservers?: string[];
            /**
             * @description Network by name or ID; null: the one that its addresses lie in.
             * @example lab
             */
            network?: string | null;
            /** @description The address is on a VLAN interface with this tag. */
            vlan?: number;
        };
        /**
         * @description full: the bastion gives the addresses; proxy: another DHCP server does, and the bastion only says what to boot.
         * @enum {string}
         */
        DhcpMode: "full" | "proxy";
        DhcpSettings: {
            /**
             * @description What of the ranges is never given out: addresses that machines have without DHCP.
             * @default []
             */
            exclusions: components["schemas"]["AddressRange"][];
            /**
             * @description For how many seconds an address is given.
             * @default 3600
             */
            leaseSeconds: number;
            /**
             * @description full: the bastion gives the addresses; proxy: another DHCP server does, and the bastion only says what to boot.
             * @default full
             */
            mode: components["schemas"]["DhcpMode"];
            /**
             * @description What is given out. None: .100 to .200 of a /24, as much in proportion of another; without the gateway and the bastion.
             * @default []
             */
            ranges: components["schemas"]["AddressRange"][];
        };
        Diagnosis: {
            /** @example a package or group is not in the repositories */
            cause: string;
            /**
             * @description stated: the failed stage says so; likely: another part of the log does; unknown: the evidence is the best there is.
             * @example stated
             */
            certainty: components["schemas"]["DiagnosisCertainty"];
            /** @description The first causal line, and what followed it. */
            evidence: components["schemas"]["EvidenceLine"][];
            explanation: string | null;
            /** @description What to do. */
            next: string | null;
            /**
             * @description Null: no rule knows it.
             * @example package-missing
             */
            rule: string | null;
            /** @example docs/runbooks/failed-installs.md#package-missing */
            runbook: string | null;
        };
        /**
         * @description stated: the failed stage says so; likely: another part of the log does; unknown: the evidence is the best there is.
         * @enum {string}
         */
        DiagnosisCertainty: "stated" | "likely" | "unknown";
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
            /** @example lab_join_nJ0b4pNqN7bB0V1m2XfO3rKc9wZkQyTgUeHs5iLdAaM */
            token: string;
        };
        Enrolled: {
            /** Format: uuid */
            bastionId: string;
            /** @description Bearer credential of the link; shown only now. */
            credential: string;
        };
        EvidenceLine: {
            /**
             * @description In the log; null: it came with the report.
             * @example 812
             */
            number: number | null;
            /** @example packaging */
            source: string;
            /** @example packages */
            stage: string | null;
            /** @example No match for argument: k3s-selinux */
            text: string;
        };
        FieldChange: {
            /** @description Absent: it was taken away. */
            after?: {
                [key: string]: unknown;
            };
            /** @description Absent: it was added. */
            before?: {
                [key: string]: unknown;
            };
            /** @example spec.vlan */
            path: string;
        };
        FieldError: {
            /** @example must be an RFC 1123 host name */
            message: string;
            /** @example hostname */
            path: string;
        };
        Forgotten: {
            /** @description Nothing was committed. */
            dryRun?: boolean;
            metadata: components["schemas"]["NamedRef"];
            /** @description Of a dry run: what it would come to. */
            plan?: components["schemas"]["OrderPlan"];
        };
        HandoverChecked: {
            /** @example default */
            cloud: string;
            conflicts: components["schemas"]["HandoverConflict"][];
            /**
             * @description Where all that is handed over will be: the join token says so.
             * @example default
             */
            environment: string;
        };
        HandoverConflict: {
            /** @enum {string} */
            kind: "Server" | "Network" | "Cluster" | "Bastion";
            /** @example node1 */
            name: string;
            /** @example there is a server of that name */
            reason: string;
        };
        HandoverPart: {
            /** @enum {string} */
            kind: "networks" | "servers" | "nics" | "disks" | "clusters" | "members" | "installs" | "stages" | "lines";
            /** @example 1 */
            part: number;
            /** @example [] */
            rows: {
                [key: string]: unknown;
            }[];
        };
        HandoverState: {
            /** Format: uuid */
            bastionId: string;
            /** Format: uuid */
            id: string;
            received: {
                [key: string]: number;
            };
            /** @description Parts that were taken in: the next one is one more. */
            receivedParts: number;
            /** @enum {string} */
            state: "receiving" | "complete";
        };
        HandoverStream: {
            /** Format: uuid */
            epoch: string;
            seq: number;
            /** @enum {string} */
            stream: "facts" | "logs";
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
        IncompleteProfile: {
            /**
             * @description Files of its install tree that are not there.
             * @example [
             *       "images/pxeboot/vmlinuz"
             *     ]
             */
            missing: string[];
            /** @example fedora-43 */
            name: string;
        };
        Install: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            /**
             * @description 1 for the server’s first install.
             * @example 1
             */
            attempt: number;
            /** @description Null once the install has ended. Not in lists. */
            awaited?: components["schemas"]["Awaited"] | null;
            /** @description The conditions of its server while it runs; none once it has ended. */
            conditions: components["schemas"]["Condition"][];
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
            metadata: components["schemas"]["ResourceMetadata"];
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
            /** @description What its order was known to meet when it was given. */
            warnings: components["schemas"]["OrderWarning"][];
        };
        InstalledUser: {
            /**
             * @description Further groups, which must exist.
             * @example [
             *       "wheel"
             *     ]
             */
            groups?: string[];
            /** @example ops */
            name: string;
            /**
             * @example [
             *       "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOJDlJyCVn2Zh2Y1Vr0tCzPzXHOSdAyIZJyWcwmZwOXz admin@lab"
             *     ]
             */
            sshKeys?: string[];
            /**
             * @description Whether sudo lets the user do everything, without a password.
             * @default false
             */
            sudo: boolean;
        };
        InstallFailure: {
            /** @example sfdisk /dev/vda */
            command: string | null;
            /** @description Null for a stage; the install has it. */
            diagnosis: components["schemas"]["Diagnosis"] | null;
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
        InstallSettings: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            /** @enum {string} */
            kind: "InstallSettings";
            metadata: components["schemas"]["ResourceMetadata"];
            spec: components["schemas"]["InstallSettingsSpec"];
            status: components["schemas"]["InstallSettingsStatus"];
        };
        InstallSettingsList: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            items: components["schemas"]["InstallSettings"][];
            /** @enum {string} */
            kind: "List";
            metadata: components["schemas"]["ListMetadata"];
        };
        InstallSettingsSpec: {
            /**
             * @description PEM, one CA certificate each: the installed system trusts what they have signed.
             * @example [
             *       "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n"
             *     ]
             */
            caCertificates?: string[];
            /**
             * @default default
             * @example default
             */
            cloud: string;
            /**
             * @default default
             * @example default
             */
            environment: string;
            /**
             * @description Keys that may log in as root.
             * @example [
             *       "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOJDlJyCVn2Zh2Y1Vr0tCzPzXHOSdAyIZJyWcwmZwOXz admin@lab"
             *     ]
             */
            sshKeys?: string[];
            users?: components["schemas"]["InstalledUser"][];
        };
        InstallSettingsStatus: {
            certificates: components["schemas"]["Certificate"][];
            /**
             * Format: date-time
             * @description When the first of the certificates ends.
             */
            certificatesEndAt: string | null;
            /** @example 1 */
            rootKeys: number;
            /** @example 2 */
            users: number;
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
            /**
             * @description Seconds: the median of past installs of the profile, else what is expected. Not in the event stream.
             * @example 252
             */
            usualSeconds?: number;
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
            /** @description What its order was known to meet when it was given. */
            warnings: components["schemas"]["OrderWarning"][];
        };
        JoinToken: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            /** @enum {string} */
            kind: "JoinToken";
            metadata: components["schemas"]["ResourceMetadata"];
            spec: components["schemas"]["JoinTokenSpec"];
            status: components["schemas"]["JoinTokenStatus"];
        };
        JoinTokenList: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            items: components["schemas"]["JoinToken"][];
            /** @enum {string} */
            kind: "List";
            metadata: components["schemas"]["ListMetadata"];
        };
        JoinTokenSpec: {
            /**
             * @default default
             * @example default
             */
            cloud: string;
            /**
             * @default default
             * @example default
             */
            environment: string;
            /** @default 3600 */
            expiresInSeconds: number;
            /**
             * @description Whom it enrols.
             * @default bastion
             * @enum {string}
             */
            for: "bastion" | "agent";
            /** @default 1 */
            maxUses: number;
        };
        JoinTokenStatus: {
            /** @example admin */
            createdBy: string;
            /** Format: date-time */
            expiresAt: string;
            /** @description Only in the answer that made it. */
            token?: string;
            /** @example 1 */
            usesLeft: number;
        };
        /** @enum {string} */
        LinkState: "up" | "down";
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
            stage: "boot" | "kickstart" | "pre" | "hardware" | "disk" | "network" | "partitioning" | "packages" | "post" | "bootloader" | "boot-order" | "hostname" | "users" | "ssh" | "certificates" | "k3s-prep" | "metadata" | "reboot" | "first-boot" | null;
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
        Membership: {
            /** Format: uuid */
            id: string;
            /** @example site-a */
            name: string;
            /** @enum {string} */
            role: "control-plane" | "worker";
        };
        NamedRef: {
            /** Format: uuid */
            id: string;
            /** @example site-a */
            name: string;
        };
        Netboot: {
            /** @description The newest, oldest first. */
            events: components["schemas"]["NetbootEvent"][];
            /** @description Addresses that it has by DHCP. */
            leases: components["schemas"]["ServerLease"][];
        };
        NetbootEvent: {
            /** @example 192.168.77.100 */
            address: string | null;
            /** Format: date-time */
            at: string;
            /** @example 52:54:00:12:34:56 */
            mac: string;
            /** @example sent ipxe.efi */
            text: string;
            /**
             * @description discover, offer, lease, refused, no-address, boot-file, tftp-error, decision; more may come.
             * @example boot-file
             */
            type: string;
        };
        Network: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            /** @enum {string} */
            kind: "Network";
            metadata: components["schemas"]["ResourceMetadata"];
            spec: components["schemas"]["NetworkSpec"];
            status: components["schemas"]["NetworkStatus"];
        };
        NetworkDhcpStatus: {
            /**
             * @description Addresses in these ranges.
             * @example 101
             */
            addresses: number;
            /**
             * @description As its bastion counts; null: it has not said yet.
             * @example 12
             */
            leases: number | null;
            /**
             * Format: date-time
             * @description When its bastion said so.
             */
            leasesAt: string | null;
            mode: components["schemas"]["DhcpMode"];
            /**
             * @description What is given out: the ranges or the default one, without what is left out.
             * @example [
             *       "192.168.77.100-192.168.77.200"
             *     ]
             */
            ranges: string[];
            /**
             * @description Addresses that NICs of servers are declared with.
             * @example 3
             */
            reservations: number;
        };
        NetworkLease: {
            /** @example 192.168.77.100 */
            address: string;
            /**
             * Format: date-time
             * @description Null: never.
             */
            expiresAt: string | null;
            /** @description What the machine calls itself. */
            hostname: string | null;
            /** @example 52:54:00:12:34:56 */
            mac: string;
            /** @description The server with that NIC; null: none that you may read. */
            server: components["schemas"]["NamedRef"] | null;
        };
        NetworkLeaseList: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            items: components["schemas"]["NetworkLease"][];
            /** @enum {string} */
            kind: "List";
            metadata: components["schemas"]["ListMetadata"];
        };
        NetworkList: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            items: components["schemas"]["Network"][];
            /** @enum {string} */
            kind: "List";
            metadata: components["schemas"]["ListMetadata"];
        };
        NetworkReservation: {
            /** @example 192.168.77.10 */
            address: string;
            /** @example 52:54:00:12:34:56 */
            mac: string;
            /** @description Null: one that you may not read. */
            server: components["schemas"]["NamedRef"] | null;
        };
        NetworkReservationList: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            items: components["schemas"]["NetworkReservation"][];
            /** @enum {string} */
            kind: "List";
            metadata: components["schemas"]["ListMetadata"];
        };
        NetworkSpec: {
            /**
             * @description The bastion that serves it, by name or ID; no two networks of one bastion overlap.
             * @example site-a
             */
            bastion?: string | null;
            /**
             * @description IPv4 or IPv6, without host bits.
             * @example 192.168.77.0/24
             */
            cidr: string;
            /**
             * @default default
             * @example default
             */
            cloud: string;
            /** @description How it is served. Null: in full, with the default range. */
            dhcp?: components["schemas"]["DhcpSettings"] | null;
            /**
             * @description Whether its bastion serves it with DHCP.
             * @default false
             */
            dhcpEnabled: boolean;
            /** @example lab.example */
            domain?: string | null;
            /**
             * @default default
             * @example default
             */
            environment: string;
            /** @example 192.168.77.1 */
            gateway?: string | null;
            /**
             * @description DNS servers that machines are told by DHCP.
             * @example [
             *       "192.168.77.1"
             *     ]
             */
            nameservers?: string[] | null;
            /** @description Null: untagged. */
            vlan?: number | null;
        };
        NetworkStatus: {
            conditions: components["schemas"]["Condition"][];
            /** @description Null: dhcpEnabled is off. */
            dhcp: components["schemas"]["NetworkDhcpStatus"] | null;
            /**
             * @description NICs that are in it.
             * @example 12
             */
            nics: number;
        };
        NewPassword: {
            /** @example correct horse battery staple */
            password: string;
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
        NicBond: {
            /** @default active-backup */
            mode: components["schemas"]["BondMode"];
            /** @example bond0 */
            name: string;
        };
        OidcLogin: {
            /**
             * @description ID token of the provider, at most ten minutes old.
             * @example eyJhbGciOiJSUzI1NiJ9.e30.c2ln
             */
            idToken: string;
        };
        OidcProvider: {
            /** @example labctl */
            clientId: string;
            /** @example https://login.example */
            issuer: string;
            /** @example openid profile email */
            scope: string;
        };
        OpenHandover: {
            /**
             * @description Rows of each kind.
             * @example {
             *       "servers": 3
             *     }
             */
            counts: {
                [key: string]: number;
            };
            /**
             * @description The credential of its link, which the bastion made itself: `lab_bastion_` and 32 random bytes in base64url. So none is lost when an answer is.
             * @example lab_bastion_nJ0b4pNqN7bB0V1m2XfO3rKc9wZkQyTgUeHs5iLdAaM
             */
            credential: string;
            /** Format: uuid */
            id: string;
            /** @example site-a */
            name: string;
            /**
             * @description The newest generation of plans that the bastion may hold.
             * @example 7
             */
            planGeneration: number;
            /**
             * @description How far its spools are committed.
             * @example []
             */
            streams: components["schemas"]["HandoverStream"][];
            /**
             * @description A join token for a bastion.
             * @example lab_join_nJ0b4pNqN7bB0V1m2XfO3rKc9wZkQyTgUeHs5iLdAaM
             */
            token: string;
        };
        /** @enum {string} */
        OrderAction: "provision" | "reprovision" | "cancel" | "forget";
        OrderedServer: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            /** @description Nothing was committed. */
            dryRun: boolean;
            /** @enum {string} */
            kind: "Server";
            metadata: components["schemas"]["ResourceMetadata"];
            plan: components["schemas"]["OrderPlan"];
            spec: components["schemas"]["ServerSpec"];
            status: components["schemas"]["ServerStatus"];
            /** @description What the order will meet as things stand. */
            warnings: components["schemas"]["OrderWarning"][];
        };
        OrderPlan: {
            action: components["schemas"]["OrderAction"];
            /** @description Which bastion carries it out. */
            bastion: components["schemas"]["BastionLink"] | null;
            /** @description Null: none, or the machine decides by the disk rule. */
            disk: components["schemas"]["TargetDisk"] | null;
            /** @description Whether data will be destroyed, as far as is known. */
            erases: boolean;
            /**
             * @description Disk layout; null: the bastion knows.
             * @example worker
             */
            layout: string | null;
            /** @example The order allows to erase the disk. */
            why: string;
        };
        OrderWarning: {
            /**
             * @description The condition that the server has then.
             * @example DiskMismatch
             */
            condition: string | null;
            /** @description What to do about it. */
            hint: string | null;
            /** @example The disk vda (serial lab0001) holds data, and the order doesn’t allow to erase it. */
            message: string;
            /**
             * @description The stage in which the install will stop or wait.
             * @example disk
             */
            stage: string | null;
            /**
             * @description BastionOffline, InstallTreeIncomplete, NotVerified, HardwareUnknown, HardwareOld, TooLittleMemory, BootModeMismatch, BootOrderNotApplicable, DiskMismatch, DiskTooSmall, DiskHoldsData; more may come.
             * @example DiskHoldsData
             */
            type: string;
        };
        PrintColumn: {
            /**
             * @description Where the conditions are that are shown beside the value.
             * @example status.conditions
             */
            conditions?: string;
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
            /** @example lab_rt_yph9cqAJfeE61DyNxmykGw8YTrMcZCTjI8K3FeqgOLc */
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
            /** @description The action that each needs. */
            access: components["schemas"]["Access"];
            /**
             * @example [
             *       "srv"
             *     ]
             */
            aliases: string[];
            columns: components["schemas"]["PrintColumn"][];
            /**
             * @description Query parameters that narrow a list.
             * @example [
             *       "role",
             *       "status"
             *     ]
             */
            filters: string[];
            /** @example Server */
            kind: string;
            /**
             * @description Also the path: /api/v1/servers
             * @example servers
             */
            plural: string;
            /**
             * @description What a permission names it by.
             * @enum {string}
             */
            scope: "server" | "environment" | "global" | "own";
            /** @example server */
            singular: string;
            /**
             * @description The first is the default.
             * @example [
             *       "name",
             *       "createdAt"
             *     ]
             */
            sort: string[];
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
        Role: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            /** @enum {string} */
            kind: "Role";
            metadata: components["schemas"]["ResourceMetadata"];
            spec: components["schemas"]["RoleSpec"];
            status: components["schemas"]["RoleStatus"];
        };
        RoleList: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            items: components["schemas"]["Role"][];
            /** @enum {string} */
            kind: "List";
            metadata: components["schemas"]["ListMetadata"];
        };
        RoleSpec: {
            /**
             * @default
             * @example Runs staging.
             */
            description: string;
            /**
             * @description `action:cloud:environment:server`, each a name or `*`; actions are read, apply, destroy, admin.
             * @example [
             *       "apply:*:staging:*"
             *     ]
             */
            permissions?: string[];
        };
        RoleStatus: {
            /** @description Came with the program: can’t be changed or deleted. */
            builtIn: boolean;
            /** @description Users who have it. */
            users: number;
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
        ServerLease: {
            /** @example 192.168.77.100 */
            address: string;
            /**
             * Format: date-time
             * @description Null: never.
             */
            expiresAt: string | null;
            /** @example 52:54:00:12:34:56 */
            mac: string;
            /**
             * @description Of a network that you may read.
             * @example lab
             */
            network: string;
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
            /**
             * @description What an install lets the firmware try first; null: what its profile says. Only UEFI can be told.
             * @example disk-first
             * @enum {string|null}
             */
            bootOrder?: "network-first" | "disk-first" | null;
            /**
             * @default default
             * @example default
             */
            cloud: string;
            /**
             * @default default
             * @example default
             */
            environment: string;
            /** @description Those that a report finds need not be declared. */
            nics?: components["schemas"]["DeclaredNic"][];
            /**
             * @description What the server is for.
             * @example worker
             * @enum {string|null}
             */
            role?: "worker" | "control-plane" | "infra" | "vanilla" | null;
        };
        ServerStatus: {
            /**
             * @description Without prefix length.
             * @example 192.168.77.100
             */
            address: string | null;
            bastion: components["schemas"]["NamedRef"] | null;
            /** @description As the last install that succeeded has found and left it. */
            bootOrder: components["schemas"]["BootOrder"] | null;
            /** @description The cluster that it is a member of. */
            cluster: components["schemas"]["Membership"] | null;
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
        StageName: "boot" | "kickstart" | "pre" | "hardware" | "disk" | "network" | "partitioning" | "packages" | "post" | "bootloader" | "boot-order" | "hostname" | "users" | "ssh" | "certificates" | "k3s-prep" | "metadata" | "reboot" | "first-boot";
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
        TargetDisk: {
            byId: string | null;
            /**
             * @description What is on it, as far as is known.
             * @example Fedora Linux 43 (fedora-43), of install 2
             */
            holds: string;
            model: string | null;
            /** @example /dev/vda */
            path: string;
            /** @example lab0001 */
            serial: string | null;
            /**
             * Format: int64
             * @example 268435456000
             */
            sizeBytes: number;
            wwn: string | null;
        };
        User: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            /** @enum {string} */
            kind: "User";
            metadata: components["schemas"]["ResourceMetadata"];
            spec: components["schemas"]["UserSpec"];
            status: components["schemas"]["UserStatus"];
        };
        UserList: {
            /** @enum {string} */
            apiVersion: "lab/v1";
            items: components["schemas"]["User"][];
            /** @enum {string} */
            kind: "List";
            metadata: components["schemas"]["ListMetadata"];
        };
        UserSpec: {
            /**
             * @description Whoever is disabled has no access from that moment on.
             * @default false
             */
            disabled: boolean;
            /** @example Mara Novak */
            displayName?: string | null;
            /**
             * @description Names of roles.
             * @example [
             *       "viewer"
             *     ]
             */
            roles?: string[];
        };
        UserStatus: {
            /** @description Whether they can log in with a password. */
            hasPassword: boolean;
            /**
             * @description Issuer and subject at the identity provider that vouches for them.
             * @example https://login.example 4f1c9a
             */
            identity: string | null;
            /** Format: date-time */
            lastLoginAt: string | null;
            /**
             * Format: date-time
             * @description After wrong passwords: when the next one is tried.
             */
            lockedUntil: string | null;
        };
        VerifyAudit: {
            /** @description A head that was exported earlier. */
            head?: components["schemas"]["AuditHead"] | null;
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
    listApiTokens: {
        parameters: {
            query?: {
                /** @description `metadata.continue` of the page before. */
                continue?: string;
                /** @description Only these parts, as dotted paths with commas: `spec.role,status.phase`. Its ID and name always come along. */
                fields?: string;
                /** @description Conditions on labels: `rack=a1,tier!=test,zone in (a,b),gpu,!old`. */
                labelSelector?: string;
                limit?: number;
                /** @description Order; `-` turns it round. */
                sort?: "name" | "-name" | "createdAt" | "-createdAt";
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
                    "application/json": components["schemas"]["ApiTokenList"];
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
    createApiToken: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "ApiToken";
                    metadata: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: components["schemas"]["ApiTokenSpec"];
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiToken"];
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
    getApiToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name or ID. */
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
                    "application/json": components["schemas"]["ApiToken"];
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
    deleteApiToken: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it was. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiToken"];
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
    apply: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One document, an array of them, or a List as `get` answers it; at most 500. */
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    kind: string;
                    metadata: Record<string, never>;
                    spec?: Record<string, never>;
                } | {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    kind: string;
                    metadata: Record<string, never>;
                    spec?: Record<string, never>;
                }[];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplyResult"];
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
    listAudit: {
        parameters: {
            query?: {
                /** @description Only audit with this action. */
                action?: string;
                /** @description Only audit with this actor. */
                actor?: string;
                /** @description `metadata.continue` of the page before. */
                continue?: string;
                /** @description Only these parts, as dotted paths with commas: `spec.role,status.phase`. Its ID and name always come along. */
                fields?: string;
                /** @description Only audit with this kind. */
                kind?: string;
                /** @description Conditions on labels: `rack=a1,tier!=test,zone in (a,b),gpu,!old`. */
                labelSelector?: string;
                limit?: number;
                /** @description Only audit with this name. */
                name?: string;
                /** @description Only audit with this since. */
                since?: string;
                /** @description Order; `-` turns it round. */
                sort?: "-at" | "at";
                /** @description Only audit with this until. */
                until?: string;
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
                    "application/json": components["schemas"]["AuditEntryList"];
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
    getAuditEntry: {
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
                    "application/json": components["schemas"]["AuditEntry"];
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
        };
    };
    getAuditHead: {
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
                    "application/json": components["schemas"]["AuditHead"];
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
    verifyAudit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyAudit"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditVerdict"];
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
    canI: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CanI"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CanIAnswer"];
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
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
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
    getOidcProvider: {
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
                    "application/json": components["schemas"]["OidcProvider"];
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
    loginWithOidc: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OidcLogin"];
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
    changePassword: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            query?: {
                /** @description Only bastions with this cloud. */
                cloud?: string;
                /** @description Only bastions with this condition, or any of several with commas: Stuck, LinkLost, DiskMismatch, IdentityConflict, SharedMac, BootOrderIgnored, InstallContested, DiscoveryFlooded, ConnectionsRefused, DhcpProblem, UnconfirmedDropped, NotServed, UnconfirmedServersDropped. */
                condition?: string;
                /** @description `metadata.continue` of the page before. */
                continue?: string;
                /** @description Only bastions with this environment. */
                environment?: string;
                /** @description Only these parts, as dotted paths with commas: `spec.role,status.phase`. Its ID and name always come along. */
                fields?: string;
                /** @description Conditions on labels: `rack=a1,tier!=test,zone in (a,b),gpu,!old`. */
                labelSelector?: string;
                limit?: number;
                /** @description Order; `-` turns it round. */
                sort?: "name" | "-name" | "createdAt" | "-createdAt" | "updatedAt" | "-updatedAt";
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
                    "application/json": components["schemas"]["BastionList"];
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
    getBastion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name or ID. */
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
                    "application/json": components["schemas"]["Bastion"];
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
    replaceBastion: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "Bastion";
                    metadata: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: components["schemas"]["BastionSpec"];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bastion"];
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
    deleteBastion: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it was. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bastion"];
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
    patchBastion: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        /** @description RFC 7396 merge patch: null takes a field away. */
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "Bastion";
                    metadata?: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name?: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: Record<string, never>;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bastion"];
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
    enrolBastion: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
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
    listClusters: {
        parameters: {
            query?: {
                /** @description Only clusters with this cloud. */
                cloud?: string;
                /** @description `metadata.continue` of the page before. */
                continue?: string;
                /** @description Only clusters with this environment. */
                environment?: string;
                /** @description Only these parts, as dotted paths with commas: `spec.role,status.phase`. Its ID and name always come along. */
                fields?: string;
                /** @description Conditions on labels: `rack=a1,tier!=test,zone in (a,b),gpu,!old`. */
                labelSelector?: string;
                limit?: number;
                /** @description Order; `-` turns it round. */
                sort?: "name" | "-name" | "createdAt" | "-createdAt" | "updatedAt" | "-updatedAt";
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
                    "application/json": components["schemas"]["ClusterList"];
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
    createCluster: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "Cluster";
                    metadata: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: components["schemas"]["ClusterSpec"];
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
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
    getCluster: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name or ID. */
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
                    "application/json": components["schemas"]["Cluster"];
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
    replaceCluster: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "Cluster";
                    metadata: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: components["schemas"]["ClusterSpec"];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
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
    deleteCluster: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it was. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
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
    patchCluster: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        /** @description RFC 7396 merge patch: null takes a field away. */
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "Cluster";
                    metadata?: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name?: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: Record<string, never>;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
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
    diff: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One document, an array of them, or a List as `get` answers it; at most 500. */
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    kind: string;
                    metadata: Record<string, never>;
                    spec?: Record<string, never>;
                } | {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    kind: string;
                    metadata: Record<string, never>;
                    spec?: Record<string, never>;
                }[];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplyResult"];
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
    openHandover: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenHandover"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HandoverState"];
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
    completeHandover: {
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
                    "application/json": components["schemas"]["HandoverState"];
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
    takeHandoverPart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandoverPart"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HandoverState"];
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
    checkHandover: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckHandover"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HandoverChecked"];
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
    listInstalls: {
        parameters: {
            query?: {
                /** @description Only installs with this bastion. */
                bastion?: string;
                /** @description Only installs with this cloud. */
                cloud?: string;
                /** @description Only installs with this condition, or any of several with commas: Stuck, LinkLost, DiskMismatch, IdentityConflict, SharedMac, BootOrderIgnored, InstallContested, DiscoveryFlooded, ConnectionsRefused, DhcpProblem, UnconfirmedDropped, NotServed, UnconfirmedServersDropped. */
                condition?: string;
                /** @description `metadata.continue` of the page before. */
                continue?: string;
                /** @description Only installs with this environment. */
                environment?: string;
                /** @description Only these parts, as dotted paths with commas: `spec.role,status.phase`. Its ID and name always come along. */
                fields?: string;
                /** @description Conditions on labels: `rack=a1,tier!=test,zone in (a,b),gpu,!old`. */
                labelSelector?: string;
                limit?: number;
                /** @description Only installs with this profile. */
                profile?: string;
                /** @description Only installs with this server. */
                server?: string;
                /** @description Order; `-` turns it round. */
                sort?: "-queuedAt" | "queuedAt";
                /** @description Only installs with this state. */
                state?: string;
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
                    "application/json": components["schemas"]["InstallList"];
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
    getInstall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description ID, or server and attempt: node1-2. */
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
                    "application/json": components["schemas"]["Install"];
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
        };
    };
    listInstallSettingss: {
        parameters: {
            query?: {
                /** @description Only installsettings with this cloud. */
                cloud?: string;
                /** @description `metadata.continue` of the page before. */
                continue?: string;
                /** @description Only installsettings with this environment. */
                environment?: string;
                /** @description Only these parts, as dotted paths with commas: `spec.role,status.phase`. Its ID and name always come along. */
                fields?: string;
                /** @description Conditions on labels: `rack=a1,tier!=test,zone in (a,b),gpu,!old`. */
                labelSelector?: string;
                limit?: number;
                /** @description Order; `-` turns it round. */
                sort?: "name" | "-name" | "createdAt" | "-createdAt" | "updatedAt" | "-updatedAt";
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
                    "application/json": components["schemas"]["InstallSettingsList"];
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
    createInstallSettings: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "InstallSettings";
                    metadata: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: components["schemas"]["InstallSettingsSpec"];
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstallSettings"];
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
    getInstallSettings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name or ID. */
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
                    "application/json": components["schemas"]["InstallSettings"];
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
    replaceInstallSettings: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "InstallSettings";
                    metadata: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: components["schemas"]["InstallSettingsSpec"];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstallSettings"];
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
    deleteInstallSettings: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it was. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstallSettings"];
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
    patchInstallSettings: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        /** @description RFC 7396 merge patch: null takes a field away. */
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "InstallSettings";
                    metadata?: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name?: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: Record<string, never>;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstallSettings"];
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
    listNetworks: {
        parameters: {
            query?: {
                /** @description Only networks with this bastion. */
                bastion?: string;
                /** @description Only networks with this cloud. */
                cloud?: string;
                /** @description Only networks with this condition, or any of several with commas: Stuck, LinkLost, DiskMismatch, IdentityConflict, SharedMac, BootOrderIgnored, InstallContested, DiscoveryFlooded, ConnectionsRefused, DhcpProblem, UnconfirmedDropped, NotServed, UnconfirmedServersDropped. */
                condition?: string;
                /** @description `metadata.continue` of the page before. */
                continue?: string;
                /** @description Only networks with this environment. */
                environment?: string;
                /** @description Only these parts, as dotted paths with commas: `spec.role,status.phase`. Its ID and name always come along. */
                fields?: string;
                /** @description Conditions on labels: `rack=a1,tier!=test,zone in (a,b),gpu,!old`. */
                labelSelector?: string;
                limit?: number;
                /** @description Order; `-` turns it round. */
                sort?: "name" | "-name" | "createdAt" | "-createdAt" | "updatedAt" | "-updatedAt";
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
                    "application/json": components["schemas"]["NetworkList"];
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
    createNetwork: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "Network";
                    metadata: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: components["schemas"]["NetworkSpec"];
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Network"];
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
    getNetwork: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name or ID. */
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
                    "application/json": components["schemas"]["Network"];
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
    replaceNetwork: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "Network";
                    metadata: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: components["schemas"]["NetworkSpec"];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Network"];
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
    deleteNetwork: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it was. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Network"];
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
    patchNetwork: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        /** @description RFC 7396 merge patch: null takes a field away. */
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "Network";
                    metadata?: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name?: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: Record<string, never>;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Network"];
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
    listNetworkLeases: {
        parameters: {
            query?: {
                /** @description `metadata.continue` of the page before. */
                continue?: string;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Name or ID. */
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
                    "application/json": components["schemas"]["NetworkLeaseList"];
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
    listNetworkReservations: {
        parameters: {
            query?: {
                /** @description `metadata.continue` of the page before. */
                continue?: string;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Name or ID. */
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
                    "application/json": components["schemas"]["NetworkReservationList"];
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
    listRoles: {
        parameters: {
            query?: {
                /** @description `metadata.continue` of the page before. */
                continue?: string;
                /** @description Only these parts, as dotted paths with commas: `spec.role,status.phase`. Its ID and name always come along. */
                fields?: string;
                /** @description Conditions on labels: `rack=a1,tier!=test,zone in (a,b),gpu,!old`. */
                labelSelector?: string;
                limit?: number;
                /** @description Order; `-` turns it round. */
                sort?: "name" | "-name" | "createdAt" | "-createdAt" | "updatedAt" | "-updatedAt";
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
                    "application/json": components["schemas"]["RoleList"];
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
    createRole: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "Role";
                    metadata: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: components["schemas"]["RoleSpec"];
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
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
    getRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name or ID. */
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
                    "application/json": components["schemas"]["Role"];
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
    replaceRole: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "Role";
                    metadata: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: components["schemas"]["RoleSpec"];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
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
    deleteRole: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it was. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
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
    patchRole: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        /** @description RFC 7396 merge patch: null takes a field away. */
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "Role";
                    metadata?: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name?: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: Record<string, never>;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
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
    listServers: {
        parameters: {
            query?: {
                /** @description Only servers with this bastion. */
                bastion?: string;
                /** @description Only servers with this cloud. */
                cloud?: string;
                /** @description Only servers with this cluster. */
                cluster?: string;
                /** @description Only servers with this condition, or any of several with commas: Stuck, LinkLost, DiskMismatch, IdentityConflict, SharedMac, BootOrderIgnored, InstallContested, DiscoveryFlooded, ConnectionsRefused, DhcpProblem, UnconfirmedDropped, NotServed, UnconfirmedServersDropped. */
                condition?: string;
                /** @description `metadata.continue` of the page before. */
                continue?: string;
                /** @description Only servers with this environment. */
                environment?: string;
                /** @description Only these parts, as dotted paths with commas: `spec.role,status.phase`. Its ID and name always come along. */
                fields?: string;
                /** @description Conditions on labels: `rack=a1,tier!=test,zone in (a,b),gpu,!old`. */
                labelSelector?: string;
                limit?: number;
                /** @description Only servers with this network. */
                network?: string;
                /** @description Only servers with this role. */
                role?: string;
                /** @description Order; `-` turns it round. */
                sort?: "name" | "-name" | "createdAt" | "-createdAt" | "updatedAt" | "-updatedAt" | "lastSeenAt" | "-lastSeenAt" | "role" | "-role" | "status" | "-status" | "environment" | "-environment";
                /** @description Only servers with this status. */
                status?: string;
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
    createServer: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "Server";
                    metadata: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: components["schemas"]["ServerSpec"];
                };
            };
        };
        responses: {
            201: {
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
    replaceServer: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name, ID or MAC address in any notation. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "Server";
                    metadata: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: components["schemas"]["ServerSpec"];
                };
            };
        };
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
    deleteServer: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
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
            /** @description As it was. */
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
    patchServer: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name, ID or MAC address in any notation. */
                ref: string;
            };
            cookie?: never;
        };
        /** @description RFC 7396 merge patch: null takes a field away. */
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "Server";
                    metadata?: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name?: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: Record<string, never>;
                };
            };
        };
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
    adoptServer: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name, ID or MAC address in any notation. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Adopt"];
            };
        };
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
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
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
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderedServer"];
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
    forgetServer: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
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
                    "application/json": components["schemas"]["Forgotten"];
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
    listServerInstalls: {
        parameters: {
            query?: {
                /** @description Only installs with this bastion. */
                bastion?: string;
                /** @description Only installs with this cloud. */
                cloud?: string;
                /** @description Only installs with this condition, or any of several with commas: Stuck, LinkLost, DiskMismatch, IdentityConflict, SharedMac, BootOrderIgnored, InstallContested, DiscoveryFlooded, ConnectionsRefused, DhcpProblem, UnconfirmedDropped, NotServed, UnconfirmedServersDropped. */
                condition?: string;
                /** @description `metadata.continue` of the page before. */
                continue?: string;
                /** @description Only installs with this environment. */
                environment?: string;
                /** @description Only these parts, as dotted paths with commas: `spec.role,status.phase`. Its ID and name always come along. */
                fields?: string;
                /** @description Conditions on labels: `rack=a1,tier!=test,zone in (a,b),gpu,!old`. */
                labelSelector?: string;
                limit?: number;
                /** @description Only installs with this profile. */
                profile?: string;
                /** @description Only installs with this server. */
                server?: string;
                /** @description Order; `-` turns it round. */
                sort?: "-queuedAt" | "queuedAt";
                /** @description Only installs with this state. */
                state?: string;
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
                    "application/json": components["schemas"]["InstallList"];
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
    getLogs: {
        parameters: {
            query?: {
                /** @description Only lines with a higher number. */
                after?: number;
                /** @description Attempt; the newest install without it. */
                install?: number;
                limit?: number;
                stage?: "boot" | "kickstart" | "pre" | "hardware" | "disk" | "network" | "partitioning" | "packages" | "post" | "bootloader" | "boot-order" | "hostname" | "users" | "ssh" | "certificates" | "k3s-prep" | "metadata" | "reboot" | "first-boot";
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
    getServerNetboot: {
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
                    "application/json": components["schemas"]["Netboot"];
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
    provisionServer: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
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
                    "application/json": components["schemas"]["OrderedServer"];
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
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
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
                    "application/json": components["schemas"]["OrderedServer"];
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
    listJoinTokens: {
        parameters: {
            query?: {
                /** @description `metadata.continue` of the page before. */
                continue?: string;
                /** @description Only these parts, as dotted paths with commas: `spec.role,status.phase`. Its ID and name always come along. */
                fields?: string;
                /** @description Conditions on labels: `rack=a1,tier!=test,zone in (a,b),gpu,!old`. */
                labelSelector?: string;
                limit?: number;
                /** @description Order; `-` turns it round. */
                sort?: "name" | "-name" | "createdAt" | "-createdAt";
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
                    "application/json": components["schemas"]["JoinTokenList"];
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
    createJoinToken: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "JoinToken";
                    metadata: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: components["schemas"]["JoinTokenSpec"];
                };
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
    getJoinToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name or ID. */
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
    deleteJoinToken: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it was. */
            200: {
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
    listUsers: {
        parameters: {
            query?: {
                /** @description `metadata.continue` of the page before. */
                continue?: string;
                /** @description Only these parts, as dotted paths with commas: `spec.role,status.phase`. Its ID and name always come along. */
                fields?: string;
                /** @description Conditions on labels: `rack=a1,tier!=test,zone in (a,b),gpu,!old`. */
                labelSelector?: string;
                limit?: number;
                /** @description Only users with this role. */
                role?: string;
                /** @description Order; `-` turns it round. */
                sort?: "name" | "-name" | "createdAt" | "-createdAt" | "updatedAt" | "-updatedAt";
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
                    "application/json": components["schemas"]["UserList"];
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
    createUser: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "User";
                    metadata: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: components["schemas"]["UserSpec"];
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
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
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name or ID. */
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
                    "application/json": components["schemas"]["User"];
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
    replaceUser: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "User";
                    metadata: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: components["schemas"]["UserSpec"];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
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
    deleteUser: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it was. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
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
    patchUser: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        /** @description RFC 7396 merge patch: null takes a field away. */
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    apiVersion?: "lab/v1";
                    /** @enum {string} */
                    kind?: "User";
                    metadata?: {
                        annotations?: {
                            [key: string]: string;
                        };
                        labels?: {
                            [key: string]: string;
                        };
                        name?: string;
                        /** @description The version that you read: refused if it has changed since. */
                        version?: number;
                    };
                    spec?: Record<string, never>;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
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
    setPassword: {
        parameters: {
            query?: {
                /** @description Check everything, commit nothing. */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Name or ID. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPassword"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
        };
    };
    watch: {
        parameters: {
            query?: {
                cloud?: string;
                environment?: string;
                /** @description Kinds by name or alias; without it all that you may read. */
                kinds?: string;
                labelSelector?: string;
                name?: string;
                /** @description `id` of the last event; as the header Last-Event-ID. Without it: from now. */
                since?: string;
            };
            header?: {
                "Last-Event-ID"?: string;
            };
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
            /** @description The cursor lies before what is kept. */
            410: {
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
    watchOne: {
        parameters: {
            query?: {
                cloud?: string;
                environment?: string;
                /** @description Kinds by name or alias; without it all that you may read. */
                kinds?: string;
                labelSelector?: string;
                name?: string;
                /** @description `id` of the last event; as the header Last-Event-ID. Without it: from now. */
                since?: string;
            };
            header?: {
                "Last-Event-ID"?: string;
            };
            path: {
                plural: string;
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
            /** @description The cursor lies before what is kept. */
            410: {
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
    getMetrics: {
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
                    "text/plain": string;
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
