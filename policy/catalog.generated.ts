// Made by `npm run gen` from policy/checks and policy/profiles. Do not edit.
import type { Catalog } from './check.ts'

export const catalog: Catalog = {
  "checks": [
    {
      "id": "account-files-written-by-root-only",
      "title": "Only root can change the files of users, passwords, sudo and PAM",
      "severity": "critical",
      "pass": "files.paths.all(p, !(p.role in [\"account\", \"secret\", \"sudo\", \"authentication\"]) || p.writers.all(w, w in params.writers))",
      "evidence": "files.paths.filter(p, p.role in [\"account\", \"secret\", \"sudo\", \"authentication\"] && has(p.writers) && p.writers.exists(w, !(w in params.writers))).map(p, p.path + \" can be changed by \" + p.writers.filter(w, !(w in params.writers)).join(\", \") + \" through \" + p.writableThrough)",
      "rationale": "Whoever can change one of these files, or put another in its place in a directory on the way, is root with the next login. The mode of the file alone does not tell: every directory and link on the way counts.",
      "remediation": "Take the right away where it is given: `chmod go-w {{ files.paths.filter(p, p.role in [\"account\", \"secret\", \"sudo\", \"authentication\"] && has(p.writers) && p.writers.exists(w, !(w in params.writers))).map(p, p.writableThrough) }}`. Where the owner is not root, `chown root:root` it, unless a package means it to be so; then name it in parameter `writers`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.3"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.4"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.5"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.6"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.7"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.8"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.9"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.10"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1098"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1222.002"
        }
      ],
      "parameters": {
        "writers": []
      },
      "parameterNotes": {
        "writers": "who besides root may change them, as evidence names them: `user NAME`, `group NAME`"
      },
      "tests": []
    },
    {
      "id": "accounts-lock-after-failures",
      "title": "Accounts lock after a few failures",
      "severity": "medium",
      "applies": "accounts.pamInstalled",
      "pass": "accounts.accountLockout.size() > 0 && accounts.accountLockout.all(l, l.refuses && l.counts && l.settings.deny >= 1 && l.settings.deny <= params.maximum)",
      "evidence": "accounts.accountLockout.filter(l, l.module == \"none\").map(l, l.service + \" counts no failures\") + accounts.accountLockout.filter(l, l.module != \"none\" && !(l.refuses && l.counts)).map(l, l.service + \" lacks a line of \" + l.module + (l.counts ? \" with preauth\" : \" with authfail\")) + accounts.accountLockout.filter(l, l.module != \"none\" && has(l.settings) && (l.settings.deny < 1 || l.settings.deny > params.maximum)).map(l, l.service + \" locks after \" + string(l.settings.deny) + \" failures (0 is never)\") + (accounts.accountLockout.size() == 0 ? [\"no stack of PAM asks for passwords\"] : [])",
      "rationale": "Otherwise programs try passwords at the console, over ssh and through su as fast as PAM answers.",
      "remediation": "Put `pam_faillock.so preauth` before and `pam_faillock.so authfail` behind pam_unix in the auth stack, and `pam_faillock.so` into the account stack (`pam-auth-update`, or `authselect enable-feature with-faillock`); set `deny = 5` in /etc/security/faillock.conf.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.2.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.3.1.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110"
        }
      ],
      "parameters": {
        "maximum": 5
      },
      "parameterNotes": {
        "maximum": "failures after which an account is locked"
      },
      "tests": []
    },
    {
      "id": "accounts-without-shell-have-no-password",
      "title": "Accounts without a login shell have no usable password",
      "severity": "low",
      "pass": "!accounts.users.exists(u, !u.interactive && u.password.state == \"hash\")",
      "evidence": "accounts.users.filter(u, has(u.password) && !u.interactive && u.password.state == \"hash\").map(u, \"user \" + u.name + \" has a password and no shell\")",
      "rationale": "nologin stops shells, not authentication: ssh forwarding, mail, ftp and web logins through PAM still take the password.",
      "remediation": "`for user in {{ accounts.users.filter(u, has(u.password) && !u.interactive && u.password.state == \"hash\").map(u, u.name) }}; do passwd -l \"$user\"; done`",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.4.2.8"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1078.003"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "accounts-without-shell-have-no-ssh-keys",
      "title": "Accounts without a login shell have no ssh keys",
      "severity": "medium",
      "pass": "!accounts.users.exists(u, !u.interactive && u.authorizedKeys.size() > 0 && !(u.name in params.allowed))",
      "evidence": "accounts.users.filter(u, has(u.authorizedKeys) && !u.interactive && u.authorizedKeys.size() > 0 && !(u.name in params.allowed)).map(u, \"user \" + u.name + \" has no shell, but ssh keys: \" + u.authorizedKeys.map(k, string(k.keys) + \" \" + k.type).join(\", \"))",
      "rationale": "Without a shell a key still forwards ports, into every service that trusts loopback. Nobody expects a login there, so nobody looks.",
      "remediation": "Remove the file after you have found who put it there: look at `{{ accounts.users.filter(u, has(u.authorizedKeys) && !u.interactive && u.authorizedKeys.size() > 0).map(u, u.home + \"/.ssh/authorized_keys\") }}`. sftp-only accounts that are meant so go into parameter `allowed`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1098.004"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1572"
        }
      ],
      "parameters": {
        "allowed": []
      },
      "parameterNotes": {
        "allowed": "names of accounts that may have keys, such as those for sftp"
      },
      "tests": []
    },
    {
      "id": "address-space-randomized",
      "title": "Addresses of programs are randomized",
      "severity": "high",
      "pass": "sysctl.parameters.exists(p, p.name == \"kernel.randomize_va_space\" && p.supported && int(p.live) == 2)",
      "evidence": "sysctl.parameters.filter(p, p.name == \"kernel.randomize_va_space\").map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "Without it every program sits at the same addresses on every host, and an exploit that works once works everywhere.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'kernel.randomize_va_space = 2' > /etc/sysctl.d/60-gabion-address-space.conf\nsysctl --system\n```",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-address-space.conf",
          "lines": [
            "kernel.randomize_va_space = 2"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-address-space.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.5.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1203"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "admin-kubeconfigs-below-rbac",
      "title": "No credential on this host stands above the roles of the cluster",
      "severity": "medium",
      "applies": "controlPlane.files.exists(f, f.role == \"admin-kubeconfig\" && f.state != \"absent\")",
      "pass": "!controlPlane.certificates.exists(c, c.subject.contains(\"O=system:masters\") && controlPlane.files.exists(f, f.path == c.path && f.role == \"admin-kubeconfig\"))",
      "evidence": "controlPlane.certificates.filter(c, c.subject.contains(\"O=system:masters\") && controlPlane.files.exists(f, f.path == c.path && f.role == \"admin-kubeconfig\")).map(c, c.path + \": \" + c.subject)",
      "rationale": "The group system:masters passes every check of the API server, and its certificates cannot be withdrawn. From 1.29 on kubeadm keeps it to super-admin.conf, which is for emergencies.",
      "remediation": "Keep a copy of {{ controlPlane.certificates.filter(c, c.subject.contains(\"O=system:masters\") && controlPlane.files.exists(f, f.path == c.path && f.role == \"admin-kubeconfig\")).map(c, c.path) }} in a safe and delete it here; make admin.conf anew with `kubeadm kubeconfig user --org kubeadm:cluster-admins --client-name kubernetes-admin`.",
      "references": [
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Authentication and authorization"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "admin-kubeconfigs-mode",
      "title": "Credentials of administrators are closed to others",
      "severity": "critical",
      "applies": "controlPlane.files.exists(f, f.role == \"admin-kubeconfig\" && f.state != \"absent\")",
      "pass": "controlPlane.files.all(f, !(f.role == \"admin-kubeconfig\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "controlPlane.files.filter(f, f.role == \"admin-kubeconfig\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "The file is a credential: who can read it is an administrator of the cluster.",
      "remediation": "`chmod {{ params.maxMode }} {{ controlPlane.files.filter(f, f.role == \"admin-kubeconfig\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made, or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ controlPlane.files.filter(f, f.role == \"admin-kubeconfig\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.13"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.13"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.13"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        }
      ],
      "parameters": {
        "maxMode": "0600"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "admin-kubeconfigs-owner",
      "title": "Credentials of administrators belong to root",
      "severity": "high",
      "applies": "controlPlane.files.exists(f, f.role == \"admin-kubeconfig\" && f.state != \"absent\")",
      "pass": "controlPlane.files.all(f, !(f.role == \"admin-kubeconfig\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : f.uid == 0 && f.gid == 0))",
      "evidence": "controlPlane.files.filter(f, f.role == \"admin-kubeconfig\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path + \" belongs to uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "Whoever owns a file can change its mode and its content, whatever the mode says now.",
      "remediation": "`chown root:root {{ controlPlane.files.filter(f, f.role == \"admin-kubeconfig\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}`",
      "fix": [
        {
          "paths": "{{ controlPlane.files.filter(f, f.role == \"admin-kubeconfig\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.14"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.14"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.14"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "amateur-radio-protocols-unavailable",
      "title": "Amateur radio protocols cannot be loaded",
      "severity": "low",
      "applies": "kernelModules.support == \"modular\"",
      "pass": "!kernelModules.modules.exists(x, x.name in params.modules && (x.loaded || x.loadable))",
      "evidence": "kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name + (has(x.loaded) && x.loaded ? \" is loaded\" : x.blacklisted ? \" can be loaded: a blacklist line does not stop modprobe or a dependency\" : \" can be loaded\"))",
      "rationale": "Packet radio drivers come with most distribution kernels and have had a run of memory corruptions. Outside of a radio shack they are attack surface only.",
      "remediation": "Forbid and unload them:\n\n```sh\nfor module in {{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}; do\n  printf 'install %s /bin/false\\nblacklist %s\\n' \"$module\" \"$module\"\ndone >> /etc/modprobe.d/gabion-amateur-radio.conf\nmodprobe -r {{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}\n```\n\nWhat this host does need goes out of parameter `modules`.",
      "fix": [
        {
          "file": "/etc/modprobe.d/gabion-amateur-radio.conf",
          "lines": [
            "install {{ params.modules }} /bin/false",
            "blacklist {{ params.modules }}"
          ]
        },
        {
          "run": [
            "modprobe",
            "-r",
            "{{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {
        "modules": [
          "ax25",
          "netrom",
          "rose"
        ]
      },
      "parameterNotes": {
        "modules": "modules that must not be loadable"
      },
      "tests": []
    },
    {
      "id": "apiserver-admission-not-always-admit",
      "title": "API server does not admit everything",
      "severity": "high",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, !a.settings.enableAdmissionPlugins.value.exists(plugin, plugin == \"AlwaysAdmit\"))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(!a.settings.enableAdmissionPlugins.value.exists(plugin, plugin == \"AlwaysAdmit\"))).map(a, a.id + \": \" + \"AlwaysAdmit is among the admission plugins\" + \", from \" + a.settings.enableAdmissionPlugins.origin)",
      "rationale": "The plugin admits whatever it is asked and stands for a configuration in which nobody meant to check anything.",
      "remediation": "Take AlwaysAdmit out of `--enable-admission-plugins` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(!a.settings.enableAdmissionPlugins.value.exists(plugin, plugin == \"AlwaysAdmit\"))).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.10"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.10"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.10"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-always-pulls-images",
      "title": "API server has images pulled with the credentials of each pod",
      "severity": "low",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.settings.enableAdmissionPlugins.value.exists(plugin, plugin == \"AlwaysPullImages\") && !a.settings.disableAdmissionPlugins.value.exists(plugin, plugin == \"AlwaysPullImages\"))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.enableAdmissionPlugins.value.exists(plugin, plugin == \"AlwaysPullImages\") && !a.settings.disableAdmissionPlugins.value.exists(plugin, plugin == \"AlwaysPullImages\"))).map(a, a.id + \": \" + \"AlwaysPullImages is not among the admission plugins\" + \", from \" + a.settings.enableAdmissionPlugins.origin)",
      "rationale": "A pod that names an image which another pod has pulled before runs it without any credential for the registry.",
      "remediation": "Add AlwaysPullImages to `--enable-admission-plugins` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.enableAdmissionPlugins.value.exists(plugin, plugin == \"AlwaysPullImages\") && !a.settings.disableAdmissionPlugins.value.exists(plugin, plugin == \"AlwaysPullImages\"))).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }} and see that `--disable-admission-plugins` does not name it. Nodes then need their registries at every start of a pod. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.11"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.11"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.11"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-anonymous-requests-restricted",
      "title": "API server lets anonymous requests reach health endpoints at most",
      "severity": "medium",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.settings.anonymousPaths.value.all(path, path in params.paths))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && has(a.settings.anonymousPaths) && !(a.settings.anonymousPaths.value.all(path, path in params.paths))).map(a, a.id + \": \" + (\"anonymous requests are let in to \" + (a.settings.anonymousPaths.value.exists(path, path == \"*\") ? \"every path\" : a.settings.anonymousPaths.value.filter(path, !(path in params.paths)).join(\", \"))) + \", from \" + a.settings.anonymousPaths.origin)",
      "rationale": "What an anonymous request may do is decided by role bindings of system:anonymous and system:unauthenticated alone. One careless binding then opens the cluster to whoever reaches the port, and flaws in the API server’s own code are reachable without a credential.",
      "remediation": "Set `--anonymous-auth=false` in {{ controlPlane.apiServers.filter(a, has(a.settings) && has(a.settings.anonymousPaths) && !(a.settings.anonymousPaths.value.all(path, path in params.paths))).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}, or from 1.32 on keep it for probes only: an AuthenticationConfiguration with `anonymous.conditions` for /livez, /readyz and /healthz. Load balancers and the liveness probes of kubeadm’s manifest ask without a credential, so change them with it. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.1"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Authentication and authorization"
        }
      ],
      "parameters": {
        "paths": [
          "/livez",
          "/readyz",
          "/healthz"
        ]
      },
      "parameterNotes": {
        "paths": "paths that anonymous requests may reach"
      },
      "tests": []
    },
    {
      "id": "apiserver-authorization-not-always-allow",
      "title": "API server does not allow every request",
      "severity": "critical",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, !a.settings.authorizationModes.value.exists(mode, mode == \"AlwaysAllow\"))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && has(a.settings.authorizationModes) && !(!a.settings.authorizationModes.value.exists(mode, mode == \"AlwaysAllow\"))).map(a, a.id + \": \" + \"every authenticated request is allowed\" + \", from \" + a.settings.authorizationModes.origin)",
      "rationale": "AlwaysAllow makes every service account token, and every certificate that the cluster’s CA ever signed, a cluster administrator.",
      "remediation": "Set `--authorization-mode=Node,RBAC` in {{ controlPlane.apiServers.filter(a, has(a.settings) && has(a.settings.authorizationModes) && !(!a.settings.authorizationModes.value.exists(mode, mode == \"AlwaysAllow\"))).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.6"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.6"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.6"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Authentication and authorization"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-authorizes-nodes",
      "title": "API server limits what each kubelet may read",
      "severity": "high",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.settings.authorizationModes.value.exists(mode, mode == \"Node\"))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && has(a.settings.authorizationModes) && !(a.settings.authorizationModes.value.exists(mode, mode == \"Node\"))).map(a, a.id + \": \" + (\"modes are \" + a.settings.authorizationModes.value.join(\", \") + \", without Node\") + \", from \" + a.settings.authorizationModes.origin)",
      "rationale": "The Node authorizer lets a kubelet read only the Secrets and volumes of pods that run on its own node. Without it the credential of one node reads those of all.",
      "remediation": "Add Node in front of `--authorization-mode` in {{ controlPlane.apiServers.filter(a, has(a.settings) && has(a.settings.authorizationModes) && !(a.settings.authorizationModes.value.exists(mode, mode == \"Node\"))).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.7"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.7"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.7"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-client-ca-set",
      "title": "API server verifies client certificates against a CA",
      "severity": "high",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.settings.clientCAFile.value != \"\")",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.clientCAFile.value != \"\")).map(a, a.id + \": \" + \"no CA for client certificates is named\" + \", from \" + a.settings.clientCAFile.origin)",
      "rationale": "Kubelets and components prove themselves by certificates. Without a CA they need other credentials, which are longer-lived and easier to copy.",
      "remediation": "Set `--client-ca-file` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.clientCAFile.value != \"\")).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.25"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.25"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.25"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-denies-service-external-ips",
      "title": "API server refuses external IPs of services",
      "severity": "low",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.settings.enableAdmissionPlugins.value.exists(plugin, plugin == \"DenyServiceExternalIPs\") && !a.settings.disableAdmissionPlugins.value.exists(plugin, plugin == \"DenyServiceExternalIPs\"))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.enableAdmissionPlugins.value.exists(plugin, plugin == \"DenyServiceExternalIPs\") && !a.settings.disableAdmissionPlugins.value.exists(plugin, plugin == \"DenyServiceExternalIPs\"))).map(a, a.id + \": \" + \"DenyServiceExternalIPs is not among the admission plugins\" + \", from \" + a.settings.enableAdmissionPlugins.origin)",
      "rationale": "Whoever may create a Service can claim any external IP and so receive the traffic of other pods to that address (CVE-2020-8554).",
      "remediation": "Add DenyServiceExternalIPs to `--enable-admission-plugins` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.enableAdmissionPlugins.value.exists(plugin, plugin == \"DenyServiceExternalIPs\") && !a.settings.disableAdmissionPlugins.value.exists(plugin, plugin == \"DenyServiceExternalIPs\"))).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }} and see that `--disable-admission-plugins` does not name it. Services that use external IPs on purpose must be moved to load balancers first. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.3"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.3"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.3"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-etcd-client-certificate-set",
      "title": "API server shows etcd a client certificate",
      "severity": "high",
      "applies": "controlPlane.apiServers.exists(a, !has(a.settings) || !a.settings.etcdServers.value.all(server, server.startsWith(\"unix\")))",
      "pass": "controlPlane.apiServers.all(a, a.settings.etcdServers.value.all(server, server.startsWith(\"unix\")) || (a.settings.etcdCertFile.value != \"\" && a.settings.etcdKeyFile.value != \"\"))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.etcdServers.value.all(server, server.startsWith(\"unix\")) || (a.settings.etcdCertFile.value != \"\" && a.settings.etcdKeyFile.value != \"\"))).map(a, a.id + \": \" + \"no client certificate and key for etcd\" + \", from \" + a.settings.etcdCertFile.origin)",
      "rationale": "etcd can only keep others out if the API server proves who it is. Whoever reaches etcd otherwise reads and writes every object, past all roles.",
      "remediation": "Set `--etcd-certfile` and `--etcd-keyfile` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.etcdServers.value.all(server, server.startsWith(\"unix\")) || (a.settings.etcdCertFile.value != \"\" && a.settings.etcdKeyFile.value != \"\"))).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}, and `--client-cert-auth=true` of etcd with it. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.23"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.23"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.23"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-event-rate-limited",
      "title": "API server limits the rate of events",
      "severity": "low",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.settings.enableAdmissionPlugins.value.exists(plugin, plugin == \"EventRateLimit\") && !a.settings.disableAdmissionPlugins.value.exists(plugin, plugin == \"EventRateLimit\"))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.enableAdmissionPlugins.value.exists(plugin, plugin == \"EventRateLimit\") && !a.settings.disableAdmissionPlugins.value.exists(plugin, plugin == \"EventRateLimit\"))).map(a, a.id + \": \" + \"EventRateLimit is not among the admission plugins\" + \", from \" + a.settings.enableAdmissionPlugins.origin)",
      "rationale": "A single misbehaving client can otherwise fill etcd with events and slow every other request down.",
      "remediation": "Add EventRateLimit to `--enable-admission-plugins` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.enableAdmissionPlugins.value.exists(plugin, plugin == \"EventRateLimit\") && !a.settings.disableAdmissionPlugins.value.exists(plugin, plugin == \"EventRateLimit\"))).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }} and see that `--disable-admission-plugins` does not name it. The plugin wants its limits in the file of `--admission-control-config-file`. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.9"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.9"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.9"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-kubelet-client-certificate-set",
      "title": "API server shows kubelets a client certificate",
      "severity": "high",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.settings.kubeletClientCertificate.value != \"\" && a.settings.kubeletClientKey.value != \"\")",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.kubeletClientCertificate.value != \"\" && a.settings.kubeletClientKey.value != \"\")).map(a, a.id + \": \" + \"no client certificate and key for kubelets\" + \", from \" + a.settings.kubeletClientCertificate.origin)",
      "rationale": "Without a client certificate a kubelet cannot tell the API server from anybody else, so that it would have to let anonymous requests in.",
      "remediation": "Set `--kubelet-client-certificate` and `--kubelet-client-key` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.kubeletClientCertificate.value != \"\" && a.settings.kubeletClientKey.value != \"\")).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }} to a pair that the kubelets’ client CA has signed. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.4"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.4"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.4"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-namespace-lifecycle-on",
      "title": "API server refuses objects in namespaces that are going",
      "severity": "high",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, !a.settings.disableAdmissionPlugins.value.exists(plugin, plugin == \"NamespaceLifecycle\"))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(!a.settings.disableAdmissionPlugins.value.exists(plugin, plugin == \"NamespaceLifecycle\"))).map(a, a.id + \": \" + \"NamespaceLifecycle is switched off\" + \", from \" + a.settings.disableAdmissionPlugins.origin)",
      "rationale": "Without the plugin objects can be made in namespaces that do not exist or are being deleted, and the default namespaces can be deleted.",
      "remediation": "Take NamespaceLifecycle out of `--disable-admission-plugins` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(!a.settings.disableAdmissionPlugins.value.exists(plugin, plugin == \"NamespaceLifecycle\"))).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}: it is on unless it is named there. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.13"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.13"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.13"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-no-static-tokens",
      "title": "API server has no file of static tokens",
      "severity": "high",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.settings.tokenAuthFile.value == \"\")",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.tokenAuthFile.value == \"\")).map(a, a.id + \": \" + (\"static tokens in \" + a.settings.tokenAuthFile.value) + \", from \" + a.settings.tokenAuthFile.origin)",
      "rationale": "Tokens of such a file are stored in clear text, never expire, and cannot be withdrawn without a restart of the API server.",
      "remediation": "Give users of the file another way in (OIDC, short-lived certificates, service account tokens), then take `--token-auth-file` out of {{ controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.tokenAuthFile.value == \"\")).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }} and delete the file. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.2"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Authentication and authorization"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-profiling-disabled",
      "title": "API server does not serve profiles",
      "severity": "low",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, !a.settings.profiling.value)",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(!a.settings.profiling.value)).map(a, a.id + \": \" + \"profiling is on\" + \", from \" + a.settings.profiling.origin)",
      "rationale": "Profiles show the inside of the process to whoever may ask, and taking them costs time that requests wait for.",
      "remediation": "Set `--profiling=false` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(!a.settings.profiling.value)).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.15"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.15"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.15"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-reaches-etcd-over-tls",
      "title": "API server talks to etcd over TLS",
      "severity": "critical",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.settings.etcdServers.value.all(server, server.startsWith(\"https://\") || server.startsWith(\"unix\")))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.etcdServers.value.all(server, server.startsWith(\"https://\") || server.startsWith(\"unix\")))).map(a, a.id + \": \" + (\"etcd is asked at \" + a.settings.etcdServers.value.filter(server, !(server.startsWith(\"https://\") || server.startsWith(\"unix\"))).join(\", \")) + \", from \" + a.settings.etcdServers.origin)",
      "rationale": "Every Secret goes over this connection. Without TLS it can be read and changed by whoever shares the network, or the host.",
      "remediation": "Give etcd a serving certificate, then name it by https in `--etcd-servers` of {{ controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.etcdServers.value.all(server, server.startsWith(\"https://\") || server.startsWith(\"unix\")))).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1040"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-request-timeout-bounded",
      "title": "API server gives up requests that take too long",
      "severity": "low",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.settings.requestTimeoutSeconds.value > 0 && a.settings.requestTimeoutSeconds.value <= params.maxSeconds)",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.requestTimeoutSeconds.value > 0 && a.settings.requestTimeoutSeconds.value <= params.maxSeconds)).map(a, a.id + \": \" + (\"requests may take \" + string(a.settings.requestTimeoutSeconds.value) + \" seconds\") + \", from \" + a.settings.requestTimeoutSeconds.origin)",
      "rationale": "A few slow requests that may stay for ever are enough to use up the API server.",
      "remediation": "Set `--request-timeout` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.requestTimeoutSeconds.value > 0 && a.settings.requestTimeoutSeconds.value <= params.maxSeconds)).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }} to a minute, or what the slowest network needs. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.20"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.20"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.20"
        }
      ],
      "parameters": {
        "maxSeconds": 300
      },
      "parameterNotes": {
        "maxSeconds": "most seconds that a request may take"
      },
      "tests": []
    },
    {
      "id": "apiserver-restricts-nodes",
      "title": "API server lets kubelets change only what is theirs",
      "severity": "high",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.settings.enableAdmissionPlugins.value.exists(plugin, plugin == \"NodeRestriction\") && !a.settings.disableAdmissionPlugins.value.exists(plugin, plugin == \"NodeRestriction\"))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.enableAdmissionPlugins.value.exists(plugin, plugin == \"NodeRestriction\") && !a.settings.disableAdmissionPlugins.value.exists(plugin, plugin == \"NodeRestriction\"))).map(a, a.id + \": \" + \"NodeRestriction is not among the admission plugins\" + \", from \" + a.settings.enableAdmissionPlugins.origin)",
      "rationale": "Without the plugin the credential of one node can label other nodes, and so draw their workloads and Secrets to itself.",
      "remediation": "Add NodeRestriction to `--enable-admission-plugins` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.enableAdmissionPlugins.value.exists(plugin, plugin == \"NodeRestriction\") && !a.settings.disableAdmissionPlugins.value.exists(plugin, plugin == \"NodeRestriction\"))).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }} and see that `--disable-admission-plugins` does not name it. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.14"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.14"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.14"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-service-account-admission-on",
      "title": "API server gives pods their service account",
      "severity": "high",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, !a.settings.disableAdmissionPlugins.value.exists(plugin, plugin == \"ServiceAccount\"))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(!a.settings.disableAdmissionPlugins.value.exists(plugin, plugin == \"ServiceAccount\"))).map(a, a.id + \": \" + \"ServiceAccount is switched off\" + \", from \" + a.settings.disableAdmissionPlugins.origin)",
      "rationale": "Without the plugin a pod may claim a service account that does not exist, and tokens are mounted by hand.",
      "remediation": "Take ServiceAccount out of `--disable-admission-plugins` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(!a.settings.disableAdmissionPlugins.value.exists(plugin, plugin == \"ServiceAccount\"))).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}: it is on unless it is named there. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.12"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.12"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.12"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-service-account-key-set",
      "title": "API server verifies service account tokens with a key of their own",
      "severity": "medium",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.settings.serviceAccountKeyFiles.value.size() > 0)",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.serviceAccountKeyFiles.value.size() > 0)).map(a, a.id + \": \" + \"no key for service account tokens is named\" + \", from \" + a.settings.serviceAccountKeyFiles.origin)",
      "rationale": "Without a key of its own the API server verifies tokens with its TLS key, so that neither can be changed alone.",
      "remediation": "Set `--service-account-key-file` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.serviceAccountKeyFiles.value.size() > 0)).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }} to the public half of the key that signs tokens. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.22"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.22"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.22"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-service-account-lookup-on",
      "title": "API server refuses tokens of deleted service accounts",
      "severity": "medium",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.settings.serviceAccountLookup.value)",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.serviceAccountLookup.value)).map(a, a.id + \": \" + \"tokens are not looked up\" + \", from \" + a.settings.serviceAccountLookup.origin)",
      "rationale": "Without the lookup a token is good as long as its signature is, also after its service account was deleted.",
      "remediation": "Take `--service-account-lookup=false` out of {{ controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.serviceAccountLookup.value)).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.21"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.21"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.21"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-serving-certificate-set",
      "title": "API server has a serving certificate of its own",
      "severity": "medium",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.settings.tlsCertFile.value != \"\" && a.settings.tlsPrivateKeyFile.value != \"\")",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.tlsCertFile.value != \"\" && a.settings.tlsPrivateKeyFile.value != \"\")).map(a, a.id + \": \" + \"no serving certificate and key are named\" + \", from \" + a.settings.tlsCertFile.origin)",
      "rationale": "Without them the API server makes a certificate that nobody has signed, and clients learn to look away.",
      "remediation": "Set `--tls-cert-file` and `--tls-private-key-file` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.tlsCertFile.value != \"\" && a.settings.tlsPrivateKeyFile.value != \"\")).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }} to a pair that the cluster’s CA has signed. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.24"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.24"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.24"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-strong-ciphers",
      "title": "API server offers strong cipher suites only",
      "severity": "medium",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.settings.tlsMinVersion.value == \"VersionTLS13\" || (a.settings.tlsCipherSuites.value.size() > 0 && a.settings.tlsCipherSuites.value.all(suite, suite in params.suites)))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.tlsMinVersion.value == \"VersionTLS13\" || (a.settings.tlsCipherSuites.value.size() > 0 && a.settings.tlsCipherSuites.value.all(suite, suite in params.suites)))).map(a, a.id + \": \" + (a.settings.tlsCipherSuites.value.size() == 0 ? \"no cipher suites are named, the defaults of the build apply\" : \"weak suites \" + a.settings.tlsCipherSuites.value.filter(suite, !(suite in params.suites)).join(\", \")) + \", from \" + a.settings.tlsCipherSuites.origin)",
      "rationale": "The default list changes with the Go release that a binary was built with and has held CBC and static RSA suites. A named list, or TLS 1.3 as the minimum, keeps what is offered independent of the build.",
      "remediation": "Set `--tls-min-version=VersionTLS13` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.tlsMinVersion.value == \"VersionTLS13\" || (a.settings.tlsCipherSuites.value.size() > 0 && a.settings.tlsCipherSuites.value.all(suite, suite in params.suites)))).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}, or name suites with forward secrecy in `--tls-cipher-suites`. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.29"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.29"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.29"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        }
      ],
      "parameters": {
        "suites": [
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
        ]
      },
      "parameterNotes": {
        "suites": "cipher suites that may be offered"
      },
      "tests": []
    },
    {
      "id": "apiserver-token-lifetimes-not-extended",
      "title": "API server does not extend the life of service account tokens",
      "severity": "low",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, !a.settings.serviceAccountExtendTokenExpiration.value)",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(!a.settings.serviceAccountExtendTokenExpiration.value)).map(a, a.id + \": \" + \"projected tokens live for a year\" + \", from \" + a.settings.serviceAccountExtendTokenExpiration.origin)",
      "rationale": "For the sake of old clients tokens that pods get are good for a year instead of an hour. A stolen one stays good as long.",
      "remediation": "When the metric serviceaccount_stale_tokens_total shows no old client, set `--service-account-extend-token-expiration=false` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(!a.settings.serviceAccountExtendTokenExpiration.value)).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.30"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.30"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-uses-rbac",
      "title": "API server decides by roles",
      "severity": "high",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.settings.authorizationModes.value.exists(mode, mode == \"RBAC\"))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && has(a.settings.authorizationModes) && !(a.settings.authorizationModes.value.exists(mode, mode == \"RBAC\"))).map(a, a.id + \": \" + (\"modes are \" + a.settings.authorizationModes.value.join(\", \") + \", without RBAC\") + \", from \" + a.settings.authorizationModes.origin)",
      "rationale": "Roles and bindings have no effect unless RBAC is among the modes: what is forbidden on paper is then decided by something else.",
      "remediation": "Add RBAC to `--authorization-mode` in {{ controlPlane.apiServers.filter(a, has(a.settings) && has(a.settings.authorizationModes) && !(a.settings.authorizationModes.value.exists(mode, mode == \"RBAC\"))).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.8"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.8"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.8"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Authentication and authorization"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-verifies-etcd",
      "title": "API server verifies the certificate of etcd",
      "severity": "high",
      "applies": "controlPlane.apiServers.exists(a, !has(a.settings) || !a.settings.etcdServers.value.all(server, server.startsWith(\"unix\")))",
      "pass": "controlPlane.apiServers.all(a, a.settings.etcdServers.value.all(server, server.startsWith(\"unix\")) || a.settings.etcdCAFile.value != \"\")",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.etcdServers.value.all(server, server.startsWith(\"unix\")) || a.settings.etcdCAFile.value != \"\")).map(a, a.id + \": \" + \"no CA for etcd is named\" + \", from \" + a.settings.etcdCAFile.origin)",
      "rationale": "Without the CA of etcd the system’s own CAs count, or none: whoever sits between the two reads and changes every object of the cluster.",
      "remediation": "Set `--etcd-cafile` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.etcdServers.value.all(server, server.startsWith(\"unix\")) || a.settings.etcdCAFile.value != \"\")).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }} to the CA of etcd. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.26"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.26"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.26"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apiserver-verifies-kubelets",
      "title": "API server verifies the certificates of kubelets",
      "severity": "high",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.settings.kubeletCertificateAuthority.value != \"\")",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.kubeletCertificateAuthority.value != \"\")).map(a, a.id + \": \" + \"certificates of kubelets are not verified\" + \", from \" + a.settings.kubeletCertificateAuthority.origin)",
      "rationale": "Without a CA the API server takes any certificate on port 10250. Whoever sits between it and a node then reads logs and the streams of exec and attach, and can answer in the kubelet’s place.",
      "remediation": "Let the kubelets ask for serving certificates (`serverTLSBootstrap: true`, their requests approved), then set `--kubelet-certificate-authority` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.kubeletCertificateAuthority.value != \"\")).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }} to the CA that signs them. In the other order logs and exec stop working. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.5"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.5"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.5"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apparmor-enabled-at-boot",
      "title": "AppArmor's profiles are loaded at boot",
      "severity": "medium",
      "applies": "apparmor.enabled",
      "pass": "apparmor.enabledAtBoot",
      "evidence": "[\"apparmor.service does not start at boot\"]",
      "rationale": "The kernel starts with no profiles. Without the unit nothing loads them and every service comes up unconfined.",
      "remediation": "`systemctl enable --now apparmor.service`",
      "fix": [
        {
          "run": [
            "systemctl",
            "enable",
            "--now",
            "apparmor.service"
          ],
          "undo": [
            "systemctl",
            "disable",
            "apparmor.service"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.3.1.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apparmor-files-as-expected",
      "title": "The AppArmor profiles on disk are those that the site expects",
      "severity": "medium",
      "applies": "params.expected.size() > 0",
      "pass": "params.expected.all(e, apparmor.files.exists(f, f.path + \" \" + f.sha256 == e))",
      "evidence": "params.expected.filter(e, !apparmor.files.exists(f, f.path + \" \" + f.sha256 == e)).map(e, e.split(\" \")[0] + (apparmor.files.exists(f, f.path == e.split(\" \")[0]) ? \" differs\" : \" is missing\"))",
      "rationale": "A profile that was changed on one node confines something else there, under the same name.",
      "remediation": "Bring the expected files onto the node again, then `systemctl reload apparmor`.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.3.5"
        }
      ],
      "parameters": {
        "expected": []
      },
      "parameterNotes": {
        "expected": "what profiles must be, as `path sha256`, a blank between"
      },
      "tests": []
    },
    {
      "id": "apparmor-files-enforce",
      "title": "No AppArmor profile falls back to complain mode when it is loaded anew",
      "severity": "low",
      "applies": "apparmor.enabled",
      "pass": "!apparmor.files.exists(x, !x.disabled && (x.complainFlag || x.forceComplain) && !(x.path in params.exceptions) && !apparmor.profiles.exists(p, p.path == x.path && p.mode == \"complain\"))",
      "evidence": "apparmor.files.filter(x, !x.disabled && (x.complainFlag || x.forceComplain) && !(x.path in params.exceptions) && !apparmor.profiles.exists(p, p.path == x.path && p.mode == \"complain\")).map(x, x.path + (x.forceComplain ? \" is linked in /etc/apparmor.d/force-complain\" : \" has flags=(complain)\"))",
      "rationale": "What is on disk comes back with the next load. The mode that somebody set in the kernel since then, or means to have, is gone after the reboot.",
      "remediation": "`aa-enforce {{ apparmor.files.filter(x, !x.disabled && (x.complainFlag || x.forceComplain) && !(x.path in params.exceptions) && !apparmor.profiles.exists(p, p.path == x.path && p.mode == \"complain\")).map(x, x.path) }}` takes the flag and the link away.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.3.1.4"
        }
      ],
      "parameters": {
        "exceptions": []
      },
      "parameterNotes": {
        "exceptions": "paths of profiles that may complain"
      },
      "tests": []
    },
    {
      "id": "apparmor-files-loaded",
      "title": "Every AppArmor profile on disk is in the kernel",
      "severity": "medium",
      "applies": "apparmor.enabled",
      "pass": "!apparmor.files.exists(x, !x.disabled && x.profiles.size() > 0 && !x.loaded)",
      "evidence": "apparmor.files.filter(x, has(x.loaded) && !x.disabled && x.profiles.size() > 0 && !x.loaded).map(x, x.path + \" is on disk only: \" + x.profiles.join(\", \"))",
      "rationale": "A profile that was copied and never loaded, or that does not parse, confines nothing until somebody notices.",
      "remediation": "`apparmor_parser -r {{ apparmor.files.filter(x, has(x.loaded) && !x.disabled && x.profiles.size() > 0 && !x.loaded).map(x, x.path) }}`; its message names the line if the profile is wrong. Restart the program it is for.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.3.1.3"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apparmor-no-profile-complains",
      "title": "No AppArmor profile is in complain mode",
      "severity": "medium",
      "applies": "apparmor.enabled",
      "pass": "!apparmor.profiles.exists(p, p.mode == \"complain\" && !(p.name in params.exceptions))",
      "evidence": "apparmor.profiles.filter(p, p.mode == \"complain\" && !(p.name in params.exceptions)).map(p, p.name + \" only complains\" + (p.path == \"\" ? \"\" : \" (\" + p.path + \")\"))",
      "rationale": "Complain mode logs what it would have stopped and lets it happen. It is for the days of writing a profile, and stays for years.",
      "remediation": "Look through its complaints with `aa-logprof`, then `aa-enforce {{ apparmor.profiles.filter(p, p.mode == \"complain\" && !(p.name in params.exceptions) && p.path != \"\" && !p.name.contains(\"//\")).map(p, p.path) }}`. Profiles that must stay so go into parameter `exceptions`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.3.1.4"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {
        "exceptions": []
      },
      "parameterNotes": {
        "exceptions": "names of profiles that may complain"
      },
      "tests": []
    },
    {
      "id": "apparmor-profiles-loaded",
      "title": "At least one AppArmor profile is enforced",
      "severity": "medium",
      "applies": "apparmor.enabled",
      "pass": "apparmor.profiles.exists(p, p.mode in [\"enforce\", \"kill\"])",
      "evidence": "[apparmor.profiles.size() == 0 ? \"no profile is loaded\" : \"none of \" + string(apparmor.profiles.size()) + \" loaded profiles is enforced\"]",
      "rationale": "AppArmor that is on without an enforced profile confines nothing and reports well.",
      "remediation": "`systemctl restart apparmor.service`, then `aa-status`. On Debian install apparmor-profiles, and enforce what you run with `aa-enforce /etc/apparmor.d/PROFILE`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.3.1.3"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "apparmor-profiles-not-disabled",
      "title": "No AppArmor profile is switched off",
      "severity": "low",
      "applies": "apparmor.enabled",
      "pass": "!apparmor.files.exists(x, x.disabled && !(x.path in params.exceptions))",
      "evidence": "apparmor.files.filter(x, x.disabled && !(x.path in params.exceptions)).map(x, x.path + \" is linked in /etc/apparmor.d/disable\")",
      "rationale": "Somebody switched the profile off because something did not work, and meant to come back.",
      "remediation": "`aa-enforce {{ apparmor.files.filter(x, x.disabled && !(x.path in params.exceptions)).map(x, x.path) }}` takes the link away and loads the profile. What is off for good goes into parameter `exceptions`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.3.1.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {
        "exceptions": [
          "/etc/apparmor.d/usr.sbin.rsyslogd"
        ]
      },
      "parameterNotes": {
        "exceptions": "paths of profiles that may be off"
      },
      "tests": []
    },
    {
      "id": "apparmor-programs-confined",
      "title": "No program runs without the AppArmor profile that is loaded for it",
      "severity": "high",
      "applies": "apparmor.enabled",
      "pass": "apparmor.unconfinedWithProfile.size() == 0",
      "evidence": "apparmor.unconfinedWithProfile.map(x, x.executable + \" runs unconfined, its profile is \" + x.profile)",
      "rationale": "A profile is attached when a program starts. One that was running before stays unconfined until it is restarted, mostly until the next reboot, and everything else says it is confined.",
      "remediation": "Restart the services behind {{ apparmor.unconfinedWithProfile.map(x, x.executable) }}; `aa-unconfined` and `systemctl status PID` tell which units they are.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.3.1.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-backlog-sufficient",
      "title": "The audit queue is long enough for the boot",
      "severity": "low",
      "applies": "host.bootParameters.exists(b, b.name == \"audit\" && b.value in [\"1\", \"on\"])",
      "pass": "host.bootParameters.exists(b, b.name == \"audit_backlog_limit\" && b.value.matches(\"^[0-9]+$\") && int(b.value) >= params.minimum && !host.bootParameters.exists(o, o.name == b.name && o.position > b.position))",
      "evidence": "host.bootParameters.exists(b, b.name == \"audit_backlog_limit\") ? host.bootParameters.filter(b, b.name == \"audit_backlog_limit\").map(b, \"boot parameter audit_backlog_limit=\" + b.value) : [\"boot parameter audit_backlog_limit is not set, the kernel keeps 64 records\"]",
      "rationale": "Until auditd runs the kernel queues its records, 64 by default. What does not fit is lost, and boot is when a persistent intruder starts.",
      "remediation": "Add `audit_backlog_limit=8192` to GRUB_CMDLINE_LINUX in `/etc/default/grub`, run `update-grub` and reboot.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.1.4"
        }
      ],
      "parameters": {
        "minimum": 8192
      },
      "parameterNotes": {
        "minimum": "least length of the queue in events"
      },
      "tests": []
    },
    {
      "id": "audit-configuration-protected",
      "title": "Only root changes the configuration of the audit trail",
      "severity": "medium",
      "applies": "audit.installed",
      "pass": "!audit.files.exists(f, f.role in [\"configuration\", \"rules\"] && (!modeWithin(f.mode, params.maxMode) || f.uid != 0 || f.gid != 0))",
      "evidence": "audit.files.filter(f, f.role in [\"configuration\", \"rules\"] && (!modeWithin(f.mode, params.maxMode) || f.uid != 0 || f.gid != 0)).map(f, f.path + \" has mode \" + f.mode + \", owner \" + string(f.uid) + \":\" + string(f.gid))",
      "rationale": "Whoever reads the rules knows what is not recorded; whoever writes them decides it.",
      "remediation": "`chown root:root {{ audit.files.filter(f, f.role in [\"configuration\", \"rules\"] && (!modeWithin(f.mode, params.maxMode) || f.uid != 0 || f.gid != 0)).map(f, f.path) }}` and `chmod {{ params.maxMode }} {{ audit.files.filter(f, f.role in [\"configuration\", \"rules\"] && (!modeWithin(f.mode, params.maxMode) || f.uid != 0 || f.gid != 0)).map(f, f.path) }}`.",
      "fix": [
        {
          "paths": "{{ audit.files.filter(f, f.role in [\"configuration\", \"rules\"] && (!modeWithin(f.mode, params.maxMode) || f.uid != 0 || f.gid != 0)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.4.5"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.4.6"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.4.7"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {
        "maxMode": "0640"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "audit-has-rules",
      "title": "The audit trail has rules",
      "severity": "medium",
      "applies": "audit.installed",
      "pass": "audit.rules.exists(r, r.action == \"always\" && r.configured)",
      "evidence": "[\"the rules that boot loads record nothing\"]",
      "rationale": "Without rules auditd records logins and little else. Distributions ship none.",
      "remediation": "Begin with the rules of your benchmark in `/etc/audit/rules.d`, then `augenrules --load`. Debian has examples in `/usr/share/doc/auditd/examples/rules`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-log-age-limit",
      "title": "Audit logs are kept for a month",
      "severity": "medium",
      "applies": "controlPlane.apiServers.exists(a, !has(a.settings) || (a.settings.auditLogPath.value != \"\" && a.settings.auditLogPath.value != \"-\"))",
      "pass": "controlPlane.apiServers.all(a, (a.settings.auditLogPath.value == \"\" || a.settings.auditLogPath.value == \"-\" || a.settings.auditLogMaxAge.value >= params.minimum))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !((a.settings.auditLogPath.value == \"\" || a.settings.auditLogPath.value == \"-\" || a.settings.auditLogMaxAge.value >= params.minimum))).map(a, a.id + \": \" + (a.settings.auditLogMaxAge.value == 0 ? \"no age is set: files go by number alone\" : \"only \" + string(a.settings.auditLogMaxAge.value) + \" days\") + \", from \" + a.settings.auditLogMaxAge.origin)",
      "rationale": "An intrusion is often found weeks later. Without an age the number of files alone decides how far back the log reaches.",
      "remediation": "Set `--audit-log-maxage={{ params.minimum }}` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !((a.settings.auditLogPath.value == \"\" || a.settings.auditLogPath.value == \"-\" || a.settings.auditLogMaxAge.value >= params.minimum))).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}, or what your retention asks for. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.17"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.17"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.17"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Audit logging and threat detection"
        }
      ],
      "parameters": {
        "minimum": 30
      },
      "parameterNotes": {
        "minimum": "least days"
      },
      "tests": []
    },
    {
      "id": "audit-log-backups-limit",
      "title": "Enough rotated audit logs are kept",
      "severity": "medium",
      "applies": "controlPlane.apiServers.exists(a, !has(a.settings) || (a.settings.auditLogPath.value != \"\" && a.settings.auditLogPath.value != \"-\"))",
      "pass": "controlPlane.apiServers.all(a, (a.settings.auditLogPath.value == \"\" || a.settings.auditLogPath.value == \"-\" || a.settings.auditLogMaxBackup.value >= params.minimum))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !((a.settings.auditLogPath.value == \"\" || a.settings.auditLogPath.value == \"-\" || a.settings.auditLogMaxBackup.value >= params.minimum))).map(a, a.id + \": \" + (a.settings.auditLogMaxBackup.value == 0 ? \"no number is set: the disk may fill\" : \"only \" + string(a.settings.auditLogMaxBackup.value) + \" files\") + \", from \" + a.settings.auditLogMaxBackup.origin)",
      "rationale": "A burst of requests, made on purpose, otherwise pushes the records of what came before it out of the log; without any number it fills the disk.",
      "remediation": "Set `--audit-log-maxbackup={{ params.minimum }}` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !((a.settings.auditLogPath.value == \"\" || a.settings.auditLogPath.value == \"-\" || a.settings.auditLogMaxBackup.value >= params.minimum))).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}, or what your retention asks for. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.18"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.18"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.18"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Audit logging and threat detection"
        }
      ],
      "parameters": {
        "minimum": 10
      },
      "parameterNotes": {
        "minimum": "least number of rotated files"
      },
      "tests": []
    },
    {
      "id": "audit-log-being-written",
      "title": "The audit log is being written",
      "severity": "high",
      "applies": "(controlPlane.files.exists(f, f.role == \"audit-log\" && f.state != \"absent\") || controlPlane.observations.auditLogs.size() > 0) && controlPlane.apiServers.exists(a, a.running)",
      "pass": "controlPlane.files.all(f, f.role != \"audit-log\" || f.state != \"unreadable\" || unknown(f.path + \" could not be looked at\")) && controlPlane.observations.auditLogs.all(file, now < date(file.modifiedAt) + duration(string(params.hours) + \"h\"))",
      "evidence": "controlPlane.observations.auditLogs.filter(file, now >= date(file.modifiedAt) + duration(string(params.hours) + \"h\")).map(file, file.path + \": last written at \" + file.modifiedAt)",
      "rationale": "An API server is asked something every second, so that a log which stands still is full, or lost to another file system, or its policy records nothing.",
      "remediation": "Look at the free space, at the log of the API server, and whether the directory of the log is mounted into the pod.",
      "references": [],
      "parameters": {
        "hours": 24
      },
      "parameterNotes": {
        "hours": "hours after which a log counts as standing still"
      },
      "tests": []
    },
    {
      "id": "audit-log-configured",
      "title": "API server writes an audit log",
      "severity": "high",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.settings.auditLogPath.value != \"\" || (params.webhookSuffices && a.settings.auditWebhookConfigFile.value != \"\"))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.auditLogPath.value != \"\" || (params.webhookSuffices && a.settings.auditWebhookConfigFile.value != \"\"))).map(a, a.id + \": \" + \"no audit log is written\" + \", from \" + a.settings.auditLogPath.origin)",
      "rationale": "Without it nobody can say who read which Secret or ran what in which pod.",
      "remediation": "Set `--audit-log-path` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !(a.settings.auditLogPath.value != \"\" || (params.webhookSuffices && a.settings.auditWebhookConfigFile.value != \"\"))).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }} to a file in a directory that is mounted from the host, and `--audit-policy-file` with it. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.16"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.16"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.16"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Audit logging and threat detection"
        }
      ],
      "parameters": {
        "webhookSuffices": true
      },
      "parameterNotes": {
        "webhookSuffices": "whether an audit webhook does instead of a log file"
      },
      "tests": []
    },
    {
      "id": "audit-log-protected",
      "title": "Only root and one group read the audit log",
      "severity": "high",
      "applies": "audit.installed",
      "pass": "!audit.files.exists(f, f.role in [\"log\", \"logDirectory\"] && (!modeWithin(f.mode, f.role == \"log\" ? params.maxFile : params.maxDirectory) || f.uid != 0))",
      "evidence": "audit.files.filter(f, f.role in [\"log\", \"logDirectory\"] && (!modeWithin(f.mode, f.role == \"log\" ? params.maxFile : params.maxDirectory) || f.uid != 0)).map(f, f.path + \" has mode \" + f.mode + \", owner \" + string(f.uid) + \":\" + string(f.gid))",
      "rationale": "It holds commands with their arguments, and names of users and files. Whoever may write it decides what happened.",
      "remediation": "`chown root {{ audit.files.filter(f, f.role in [\"log\", \"logDirectory\"] && (!modeWithin(f.mode, f.role == \"log\" ? params.maxFile : params.maxDirectory) || f.uid != 0)).map(f, f.path) }}`, then `chmod {{ params.maxFile }}` for files and `chmod {{ params.maxDirectory }}` for the directory. auditd sets the mode anew when it rotates, so see `log_group` in `/etc/audit/auditd.conf`, too.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.4.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.4.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.4.4"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.4.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1070"
        }
      ],
      "parameters": {
        "maxFile": "0640",
        "maxDirectory": "0750"
      },
      "parameterNotes": {
        "maxFile": "the most that the mode of a file may allow, octal",
        "maxDirectory": "the most that the mode of the directory may allow, octal"
      },
      "tests": []
    },
    {
      "id": "audit-log-size-limit",
      "title": "Audit logs are rotated at a sensible size",
      "severity": "medium",
      "applies": "controlPlane.apiServers.exists(a, !has(a.settings) || (a.settings.auditLogPath.value != \"\" && a.settings.auditLogPath.value != \"-\"))",
      "pass": "controlPlane.apiServers.all(a, (a.settings.auditLogPath.value == \"\" || a.settings.auditLogPath.value == \"-\" || (a.settings.auditLogMaxSize.value == 0 || a.settings.auditLogMaxSize.value >= params.minimum)))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.settings) && !((a.settings.auditLogPath.value == \"\" || a.settings.auditLogPath.value == \"-\" || (a.settings.auditLogMaxSize.value == 0 || a.settings.auditLogMaxSize.value >= params.minimum)))).map(a, a.id + \": \" + (a.settings.auditLogMaxSize.value == 0 ? \"\" : \"only \" + string(a.settings.auditLogMaxSize.value) + \" megabytes\") + \", from \" + a.settings.auditLogMaxSize.origin)",
      "rationale": "Files that are rotated early use up the number that is kept within hours. Nothing set means 100 megabytes.",
      "remediation": "Set `--audit-log-maxsize={{ params.minimum }}` in {{ controlPlane.apiServers.filter(a, has(a.settings) && !((a.settings.auditLogPath.value == \"\" || a.settings.auditLogPath.value == \"-\" || (a.settings.auditLogMaxSize.value == 0 || a.settings.auditLogMaxSize.value >= params.minimum)))).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}, or what your retention asks for. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.19"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.19"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.19"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Audit logging and threat detection"
        }
      ],
      "parameters": {
        "minimum": 100
      },
      "parameterNotes": {
        "minimum": "least size in megabytes"
      },
      "tests": []
    },
    {
      "id": "audit-log-size-set",
      "title": "The audit log has a size at which something happens",
      "severity": "low",
      "applies": "audit.installed",
      "pass": "audit.daemon.maxLogFileMiB >= params.minimum && audit.daemon.maxLogFileAction != \"ignore\"",
      "evidence": "[\"max_log_file = \" + string(audit.daemon.maxLogFileMiB) + \", max_log_file_action = \" + audit.daemon.maxLogFileAction]",
      "rationale": "A log without bounds fills the disk, one that is too small is gone within minutes.",
      "remediation": "Set `max_log_file` and `max_log_file_action` in `/etc/audit/auditd.conf`, then `service auditd restart`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.2.1"
        }
      ],
      "parameters": {
        "minimum": 8
      },
      "parameterNotes": {
        "minimum": "least size of a log file in MiB"
      },
      "tests": []
    },
    {
      "id": "audit-log-written",
      "title": "auditd writes its log",
      "severity": "medium",
      "applies": "audit.installed",
      "pass": "audit.daemon.writesLogs",
      "evidence": "[\"write_logs = no\"]",
      "rationale": "Events then go to plugins alone; what these drop is nowhere.",
      "remediation": "Set `write_logs = yes` in `/etc/audit/auditd.conf`, then `service auditd restart`. Hosts that send everything away and trust it waive this.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-logs-mode",
      "title": "Audit logs are closed to others",
      "severity": "medium",
      "applies": "controlPlane.files.exists(f, f.role == \"audit-log\" && f.state != \"absent\")",
      "pass": "controlPlane.files.all(f, !(f.role == \"audit-log\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "controlPlane.files.filter(f, f.role == \"audit-log\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "Who can write the log can take themselves out of it; who can read it learns every name and habit of the cluster.",
      "remediation": "`chmod {{ params.maxMode }} {{ controlPlane.files.filter(f, f.role == \"audit-log\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made, or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ controlPlane.files.filter(f, f.role == \"audit-log\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [],
      "parameters": {
        "maxMode": "0600"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "audit-logs-not-deleted",
      "title": "Old audit logs are kept",
      "severity": "low",
      "applies": "audit.installed",
      "pass": "audit.daemon.maxLogFileAction == \"keep_logs\"",
      "evidence": "[\"max_log_file_action = \" + audit.daemon.maxLogFileAction]",
      "rationale": "Rotation deletes the oldest file. Whoever makes enough events deletes the trace of what they did before.",
      "remediation": "Set `max_log_file_action = keep_logs` in `/etc/audit/auditd.conf` and carry old files away, then `service auditd restart`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.2.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1070"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-loss-noticed",
      "title": "Events that cannot be recorded leave a trace",
      "severity": "low",
      "applies": "audit.installed",
      "pass": "audit.kernel.failure >= 1",
      "evidence": "[\"auditctl -s says failure 0\"]",
      "rationale": "With 0 the kernel drops events silently when its queue is full: flooding it is a way to act unseen.",
      "remediation": "Set `-f 1` in `/etc/audit/rules.d` (2 stops the host), then `augenrules --load`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.006"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-not-switched-off-by-rule",
      "title": "No rule switches the audit trail off",
      "severity": "high",
      "applies": "audit.installed",
      "pass": "!audit.rules.exists(r, r.rule.matches(\"^-a never,task( -k .*)?$\") && (r.configured || r.loaded))",
      "evidence": "audit.rules.filter(r, r.rule.matches(\"^-a never,task( -k .*)?$\")).map(r, r.rule + (r.path == \"\" ? \"\" : \" (\" + r.path + \":\" + string(r.line) + \")\"))",
      "rationale": "`-a never,task` takes every new process out of the audit: no other rule then ever matches. Some distributions ship it as a default for speed.",
      "remediation": "Take the line out of `/etc/audit/rules.d` and run `augenrules --load`. Processes that run already stay unrecorded until they are started again.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-on-in-kernel",
      "title": "The kernel records audit events",
      "severity": "high",
      "applies": "audit.installed",
      "pass": "audit.kernel.enabled >= 1",
      "evidence": "[\"auditctl -s says enabled 0\"]",
      "rationale": "With 0 the daemon runs and the rules are loaded, and nothing is recorded.",
      "remediation": "`auditctl -e 1`, and take `-e 0` and `audit=0` out of the rules and of the kernel command line.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-policy-covers-security-events",
      "title": "Audit policy records what intruders do",
      "severity": "medium",
      "applies": "controlPlane.apiServers.exists(a, !has(a.auditPolicy) || a.auditPolicy.configured)",
      "pass": "controlPlane.apiServers.all(a, a.auditPolicy.coverage.all(row, row.least != \"None\" || row.request in params.exempt))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.auditPolicy) && !(a.auditPolicy.coverage.all(row, row.least != \"None\" || row.request in params.exempt))).map(a, a.id + \": \" + (\"not recorded of everybody: \" + a.auditPolicy.coverage.filter(row, row.least == \"None\" && !(row.request in params.exempt)).map(row, row.request).join(\", \")))",
      "rationale": "Reading Secrets, changing workloads, and shells or tunnels into pods are what an intrusion consists of. For each of them the first rule that matches must record at least who, what and when, for users whom no rule names.",
      "remediation": "Let a rule at Metadata without users, verbs or namespaces end the policy in {{ controlPlane.apiServers.filter(a, has(a.auditPolicy) && !(a.auditPolicy.coverage.all(row, row.least != \"None\" || row.request in params.exempt))).map(a, a.auditPolicy.path) }}, and look for rules at None above it that are wider than they were meant. The policy is read at start only: the kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "3.2.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "3.2.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "3.2.2"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Audit logging and threat detection"
        }
      ],
      "parameters": {
        "exempt": []
      },
      "parameterNotes": {
        "exempt": "requests, as evidence names them, that need not be recorded"
      },
      "tests": []
    },
    {
      "id": "audit-policy-keeps-secrets-out",
      "title": "Audit policy does not record the content of secrets",
      "severity": "high",
      "applies": "controlPlane.apiServers.exists(a, !has(a.auditPolicy) || a.auditPolicy.configured)",
      "pass": "controlPlane.apiServers.all(a, a.auditPolicy.coverage.all(row, !(row.request in params.secrets) || !(row.most in [\"Request\", \"RequestResponse\"])))",
      "evidence": "controlPlane.apiServers.filter(a, has(a.auditPolicy) && !(a.auditPolicy.coverage.all(row, !(row.request in params.secrets) || !(row.most in [\"Request\", \"RequestResponse\"])))).map(a, a.id + \": \" + (\"the log gets the content of \" + a.auditPolicy.coverage.filter(row, row.request in params.secrets && row.most in [\"Request\", \"RequestResponse\"]).map(row, row.request).join(\", \")))",
      "rationale": "At Request and RequestResponse the log holds the objects themselves: passwords, tokens and keys in clear text, wherever the log is copied to.",
      "remediation": "Put a rule at Metadata for secrets, configmaps, serviceaccounts/token and tokenreviews in front of all wider rules in {{ controlPlane.apiServers.filter(a, has(a.auditPolicy) && !(a.auditPolicy.coverage.all(row, !(row.request in params.secrets) || !(row.most in [\"Request\", \"RequestResponse\"])))).map(a, a.auditPolicy.path) }}, and treat logs written until now as secrets. The policy is read at start only: the kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "3.2.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "3.2.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "3.2.2"
        }
      ],
      "parameters": {
        "secrets": [
          "secrets",
          "configmaps",
          "serviceaccounts/token",
          "tokenreviews"
        ]
      },
      "parameterNotes": {
        "secrets": "requests whose content must not be recorded"
      },
      "tests": []
    },
    {
      "id": "audit-policy-records",
      "title": "API server has an audit policy that records something",
      "severity": "high",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.auditPolicy.configured && !a.auditPolicy.logsNothing)",
      "evidence": "controlPlane.apiServers.filter(a, has(a.auditPolicy) && !(a.auditPolicy.configured && !a.auditPolicy.logsNothing)).map(a, a.id + \": \" + (a.auditPolicy.configured ? a.auditPolicy.path + \" records nothing\" : \"no audit policy, so nothing is recorded\"))",
      "rationale": "Without a policy the API server records nothing, whatever log is configured. A policy whose first rule says None for everything does the same and looks like more.",
      "remediation": "Write a policy that records at least Metadata, mount it into the pod and name it by `--audit-policy-file` in {{ controlPlane.apiServers.filter(a, has(a.auditPolicy) && !(a.auditPolicy.configured && !a.auditPolicy.logsNothing)).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}. The policy is read at start only: the kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "3.2.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "3.2.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "3.2.1"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Audit logging and threat detection"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-policy-rules-reachable",
      "title": "Every rule of the audit policy can match",
      "severity": "low",
      "applies": "controlPlane.apiServers.exists(a, !has(a.auditPolicy) || a.auditPolicy.configured)",
      "pass": "controlPlane.apiServers.all(a, a.auditPolicy.unreachableRules == 0)",
      "evidence": "controlPlane.apiServers.filter(a, has(a.auditPolicy) && !(a.auditPolicy.unreachableRules == 0)).map(a, a.id + \": \" + (string(a.auditPolicy.unreachableRules) + \" of \" + string(a.auditPolicy.rules) + \" rules stand after one that every request matches\"))",
      "rationale": "The first rule that matches decides. Rules after one without any condition do nothing, although somebody relies on them.",
      "remediation": "Move the rule without conditions to the end of {{ controlPlane.apiServers.filter(a, has(a.auditPolicy) && !(a.auditPolicy.unreachableRules == 0)).map(a, a.auditPolicy.path) }}. The policy is read at start only: the kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-queue-long-enough",
      "title": "The audit queue holds a burst of events",
      "severity": "low",
      "applies": "audit.installed",
      "pass": "audit.kernel.backlogLimit >= params.minimum",
      "evidence": "[\"backlog_limit is \" + string(audit.kernel.backlogLimit)]",
      "rationale": "The kernel starts with 64 events; a boot or a package update makes thousands.",
      "remediation": "Set `-b 8192` in `/etc/audit/rules.d`, then `augenrules --load`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.1.4"
        }
      ],
      "parameters": {
        "minimum": 8192
      },
      "parameterNotes": {
        "minimum": "least length of the queue in events"
      },
      "tests": []
    },
    {
      "id": "audit-records-account-changes",
      "title": "Changes of users and groups are recorded",
      "severity": "medium",
      "applies": "audit.installed && audit.coverage.exists(c, c.group == \"identity\")",
      "pass": "audit.coverage.exists(c, c.group == \"identity\" && c.configured && c.loaded)",
      "evidence": "audit.coverage.filter(c, c.group == \"identity\" && has(c.missing)).map(c, c.configured ? (has(c.notLoaded) ? \"not loaded: \" + c.notLoaded.join(\", \") : \"not loaded\") : \"no rule for \" + c.missing.join(\", \"))",
      "rationale": "A new user, or one more member of a group, is how an intruder comes back.",
      "remediation": "Write it into a file of `/etc/audit/rules.d`, then `augenrules --load`:\n\n```\n-w /etc/group -p wa -k identity\n-w /etc/passwd -p wa -k identity\n-w /etc/gshadow -p wa -k identity\n-w /etc/shadow -p wa -k identity\n-w /etc/security/opasswd -p wa -k identity\n```",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.8"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-records-actions-as-another-user",
      "title": "What users run as somebody else is recorded",
      "severity": "medium",
      "applies": "audit.installed && audit.coverage.exists(c, c.group == \"actions-as-other-user\")",
      "pass": "audit.coverage.exists(c, c.group == \"actions-as-other-user\" && c.configured && c.loaded)",
      "evidence": "audit.coverage.filter(c, c.group == \"actions-as-other-user\" && has(c.missing)).map(c, c.configured ? (has(c.notLoaded) ? \"not loaded: \" + c.notLoaded.join(\", \") : \"not loaded\") : \"no rule for \" + c.missing.join(\", \"))",
      "rationale": "sudo logs the command it starts, not what that command starts. This records both.",
      "remediation": "Write it into a file of `/etc/audit/rules.d`, then `augenrules --load`:\n\n```\n-a always,exit -F arch=b64 -S execve -C euid!=uid -F auid!=unset -k user_emulation\n-a always,exit -F arch=b32 -S execve -C euid!=uid -F auid!=unset -k user_emulation\n```",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-records-clock-changes",
      "title": "Changes of the clock are recorded",
      "severity": "low",
      "applies": "audit.installed && audit.coverage.exists(c, c.group == \"time-change\")",
      "pass": "audit.coverage.exists(c, c.group == \"time-change\" && c.configured && c.loaded)",
      "evidence": "audit.coverage.filter(c, c.group == \"time-change\" && has(c.missing)).map(c, c.configured ? (has(c.notLoaded) ? \"not loaded: \" + c.notLoaded.join(\", \") : \"not loaded\") : \"no rule for \" + c.missing.join(\", \"))",
      "rationale": "A clock that was set back puts events where nobody looks for them.",
      "remediation": "Write it into a file of `/etc/audit/rules.d`, then `augenrules --load`:\n\n```\n-a always,exit -F arch=b64 -S adjtimex,settimeofday,clock_settime -k time-change\n-a always,exit -F arch=b32 -S adjtimex,settimeofday,clock_settime -k time-change\n-w /etc/localtime -p wa -k time-change\n```",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.4"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-records-confinement-changes",
      "title": "Changes of AppArmor and SELinux policy are recorded",
      "severity": "medium",
      "applies": "audit.installed && audit.coverage.exists(c, c.group == \"mac-policy\")",
      "pass": "audit.coverage.exists(c, c.group == \"mac-policy\" && c.configured && c.loaded)",
      "evidence": "audit.coverage.filter(c, c.group == \"mac-policy\" && has(c.missing)).map(c, c.configured ? (has(c.notLoaded) ? \"not loaded: \" + c.notLoaded.join(\", \") : \"not loaded\") : \"no rule for \" + c.missing.join(\", \"))",
      "rationale": "One word in a profile turns a refusal into a remark.",
      "remediation": "Write it into a file of `/etc/audit/rules.d`, then `augenrules --load`:\n\n```\n-w /etc/apparmor -p wa -k MAC-policy\n-w /etc/apparmor.d -p wa -k MAC-policy\n```",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.14"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-records-container-runtime-changes",
      "title": "Changes of the container runtime are recorded",
      "severity": "low",
      "applies": "audit.installed && audit.coverage.exists(c, c.group == \"container-runtime\")",
      "pass": "audit.coverage.exists(c, c.group == \"container-runtime\" && c.configured && c.loaded)",
      "evidence": "audit.coverage.filter(c, c.group == \"container-runtime\" && has(c.missing)).map(c, c.configured ? (has(c.notLoaded) ? \"not loaded: \" + c.notLoaded.join(\", \") : \"not loaded\") : \"no rule for \" + c.missing.join(\", \"))",
      "rationale": "A line in daemon.json opens the runtime to the network, and the runtime is root.",
      "remediation": "Write rules for what the evidence names into a file of `/etc/audit/rules.d`, then `augenrules --load`.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "1.1.3"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "1.1.5"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "1.1.6"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "1.1.7"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "1.1.9"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "1.1.10"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "1.1.11"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "1.1.12"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "1.1.13"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "1.1.14"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "1.1.15"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "1.1.16"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "1.1.17"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "1.1.18"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-records-deletions",
      "title": "Deleted and renamed files are recorded",
      "severity": "low",
      "applies": "audit.installed && audit.coverage.exists(c, c.group == \"deletions\")",
      "pass": "audit.coverage.exists(c, c.group == \"deletions\" && c.configured && c.loaded)",
      "evidence": "audit.coverage.filter(c, c.group == \"deletions\" && has(c.missing)).map(c, c.configured ? (has(c.notLoaded) ? \"not loaded: \" + c.notLoaded.join(\", \") : \"not loaded\") : \"no rule for \" + c.missing.join(\", \"))",
      "rationale": "Cleaning up is the last step of an intrusion.",
      "remediation": "Write it into a file of `/etc/audit/rules.d`, then `augenrules --load`:\n\n```\n-a always,exit -F arch=b64 -S unlink,unlinkat,rename,renameat -F auid>=1000 -F auid!=unset -k delete\n-a always,exit -F arch=b32 -S unlink,unlinkat,rename,renameat -F auid>=1000 -F auid!=unset -k delete\n```",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.13"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1070.004"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-records-its-own-changes",
      "title": "Changes of the audit set-up are recorded",
      "severity": "medium",
      "applies": "audit.installed && audit.coverage.exists(c, c.group == \"audit-configuration\")",
      "pass": "audit.coverage.exists(c, c.group == \"audit-configuration\" && c.configured && c.loaded)",
      "evidence": "audit.coverage.filter(c, c.group == \"audit-configuration\" && has(c.missing)).map(c, c.configured ? (has(c.notLoaded) ? \"not loaded: \" + c.notLoaded.join(\", \") : \"not loaded\") : \"no rule for \" + c.missing.join(\", \"))",
      "rationale": "What turns the record off should be the last thing in it.",
      "remediation": "Write it into a file of `/etc/audit/rules.d`, then `augenrules --load`:\n\n```\n-w /etc/audit -p wa -k audit-config\n-w /etc/libaudit.conf -p wa -k audit-config\n```",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-records-login-files",
      "title": "Changes of the login records are recorded",
      "severity": "low",
      "applies": "audit.installed && audit.coverage.exists(c, c.group == \"logins\")",
      "pass": "audit.coverage.exists(c, c.group == \"logins\" && c.configured && c.loaded)",
      "evidence": "audit.coverage.filter(c, c.group == \"logins\" && has(c.missing)).map(c, c.configured ? (has(c.notLoaded) ? \"not loaded: \" + c.notLoaded.join(\", \") : \"not loaded\") : \"no rule for \" + c.missing.join(\", \"))",
      "rationale": "lastlog and faillock say who came in and who failed to; resetting them hides both.",
      "remediation": "Write it into a file of `/etc/audit/rules.d`, then `augenrules --load`:\n\n```\n-w /var/log/lastlog -p wa -k logins\n-w /var/run/faillock -p wa -k logins\n```",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.12"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1070"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-records-module-loading",
      "title": "Loading of kernel modules is recorded",
      "severity": "medium",
      "applies": "audit.installed && audit.coverage.exists(c, c.group == \"kernel-modules\")",
      "pass": "audit.coverage.exists(c, c.group == \"kernel-modules\" && c.configured && c.loaded)",
      "evidence": "audit.coverage.filter(c, c.group == \"kernel-modules\" && has(c.missing)).map(c, c.configured ? (has(c.notLoaded) ? \"not loaded: \" + c.notLoaded.join(\", \") : \"not loaded\") : \"no rule for \" + c.missing.join(\", \"))",
      "rationale": "A module is the kernel. Whoever loads one can hide everything after it, so the loading itself must be on record.",
      "remediation": "Write it into a file of `/etc/audit/rules.d`, then `augenrules --load`:\n\n```\n-a always,exit -F arch=b64 -S init_module,finit_module,delete_module -F auid>=1000 -F auid!=unset -k kernel_modules\n-a always,exit -F path=/usr/bin/kmod -F perm=x -F auid>=1000 -F auid!=unset -k kernel_modules\n```",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.19"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1547.006"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-records-mounts",
      "title": "Mounts are recorded",
      "severity": "low",
      "applies": "audit.installed && audit.coverage.exists(c, c.group == \"mounts\")",
      "pass": "audit.coverage.exists(c, c.group == \"mounts\" && c.configured && c.loaded)",
      "evidence": "audit.coverage.filter(c, c.group == \"mounts\" && has(c.missing)).map(c, c.configured ? (has(c.notLoaded) ? \"not loaded: \" + c.notLoaded.join(\", \") : \"not loaded\") : \"no rule for \" + c.missing.join(\", \"))",
      "rationale": "Data leaves on a stick, and tools come in on one.",
      "remediation": "Write it into a file of `/etc/audit/rules.d`, then `augenrules --load`:\n\n```\n-a always,exit -F arch=b64 -S mount -F auid>=1000 -F auid!=unset -k mounts\n-a always,exit -F arch=b32 -S mount -F auid>=1000 -F auid!=unset -k mounts\n```",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.10"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-records-network-identity",
      "title": "Changes of names and network set-up are recorded",
      "severity": "low",
      "applies": "audit.installed && audit.coverage.exists(c, c.group == \"network-environment\")",
      "pass": "audit.coverage.exists(c, c.group == \"network-environment\" && c.configured && c.loaded)",
      "evidence": "audit.coverage.filter(c, c.group == \"network-environment\" && has(c.missing)).map(c, c.configured ? (has(c.notLoaded) ? \"not loaded: \" + c.notLoaded.join(\", \") : \"not loaded\") : \"no rule for \" + c.missing.join(\", \"))",
      "rationale": "A line in /etc/hosts sends the traffic for a name to somebody else.",
      "remediation": "Write it into a file of `/etc/audit/rules.d`, then `augenrules --load`:\n\n```\n-a always,exit -F arch=b64 -S sethostname,setdomainname -k system-locale\n-a always,exit -F arch=b32 -S sethostname,setdomainname -k system-locale\n-w /etc/issue -p wa -k system-locale\n-w /etc/issue.net -p wa -k system-locale\n-w /etc/hosts -p wa -k system-locale\n```",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.5"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-records-node-changes",
      "title": "Changes of the node set-up are recorded",
      "severity": "low",
      "applies": "audit.installed && audit.coverage.exists(c, c.group == \"kubernetes\")",
      "pass": "audit.coverage.exists(c, c.group == \"kubernetes\" && c.configured && c.loaded)",
      "evidence": "audit.coverage.filter(c, c.group == \"kubernetes\" && has(c.missing)).map(c, c.configured ? (has(c.notLoaded) ? \"not loaded: \" + c.notLoaded.join(\", \") : \"not loaded\") : \"no rule for \" + c.missing.join(\", \"))",
      "rationale": "A static pod dropped into the manifests runs at once and is in no API. The kubelet takes its orders from these files.",
      "remediation": "Write it into a file of `/etc/audit/rules.d`, then `augenrules --load`:\n\n```\n-w /etc/kubernetes -p wa -k kubernetes\n-w /var/lib/kubelet/config.yaml -p wa -k kubernetes\n```",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-records-permission-changes",
      "title": "Changes of modes, owners and attributes are recorded",
      "severity": "low",
      "applies": "audit.installed && audit.coverage.exists(c, c.group == \"permission-changes\")",
      "pass": "audit.coverage.exists(c, c.group == \"permission-changes\" && c.configured && c.loaded)",
      "evidence": "audit.coverage.filter(c, c.group == \"permission-changes\" && has(c.missing)).map(c, c.configured ? (has(c.notLoaded) ? \"not loaded: \" + c.notLoaded.join(\", \") : \"not loaded\") : \"no rule for \" + c.missing.join(\", \"))",
      "rationale": "A set-uid bit or a capability on a copy of a shell is a back door that looks like a file.",
      "remediation": "Write it into a file of `/etc/audit/rules.d`, then `augenrules --load`:\n\n```\n-a always,exit -F arch=b64 -S chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat -F auid>=1000 -F auid!=unset -k perm_mod\n-a always,exit -F arch=b32 -S chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat -F auid>=1000 -F auid!=unset -k perm_mod\n-a always,exit -F arch=b64 -S setxattr,lsetxattr,fsetxattr,removexattr,lremovexattr,fremovexattr -F auid>=1000 -F auid!=unset -k perm_mod\n-a always,exit -F arch=b32 -S setxattr,lsetxattr,fsetxattr,removexattr,lremovexattr,fremovexattr -F auid>=1000 -F auid!=unset -k perm_mod\n```",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.9"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-records-permission-programs",
      "title": "Runs of programs that change labels, ACLs and accounts are recorded",
      "severity": "low",
      "applies": "audit.installed && audit.coverage.exists(c, c.group == \"permission-programs\")",
      "pass": "audit.coverage.exists(c, c.group == \"permission-programs\" && c.configured && c.loaded)",
      "evidence": "audit.coverage.filter(c, c.group == \"permission-programs\" && has(c.missing)).map(c, c.configured ? (has(c.notLoaded) ? \"not loaded: \" + c.notLoaded.join(\", \") : \"not loaded\") : \"no rule for \" + c.missing.join(\", \"))",
      "rationale": "They change who may do what without touching a mode that a listing shows.",
      "remediation": "Write it into a file of `/etc/audit/rules.d`, then `augenrules --load`:\n\n```\n-a always,exit -F path=/usr/sbin/usermod -F perm=x -F auid>=1000 -F auid!=unset -k usermod\n```",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.15"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.16"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.17"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.18"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-records-privileged-programs",
      "title": "Runs of programs that change their rights are recorded",
      "severity": "low",
      "applies": "audit.installed && audit.coverage.exists(c, c.group == \"privileged-programs\")",
      "pass": "audit.coverage.exists(c, c.group == \"privileged-programs\" && c.configured && c.loaded)",
      "evidence": "audit.coverage.filter(c, c.group == \"privileged-programs\" && has(c.missing)).map(c, c.configured ? (has(c.notLoaded) ? \"not loaded: \" + c.notLoaded.join(\", \") : \"not loaded\") : \"no rule for \" + c.missing.join(\", \"))",
      "rationale": "Each of them is a way to root when it has a hole; the record shows who tried it before it was known.",
      "remediation": "Write it into a file of `/etc/audit/rules.d`, then `augenrules --load`:\n\n```\n-a always,exit -F path=/usr/bin/su -F perm=x -F auid>=1000 -F auid!=unset -k privileged\n```",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.6"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-records-refused-access",
      "title": "Attempts to open files without the right are recorded",
      "severity": "low",
      "applies": "audit.installed && audit.coverage.exists(c, c.group == \"access-refused\")",
      "pass": "audit.coverage.exists(c, c.group == \"access-refused\" && c.configured && c.loaded)",
      "evidence": "audit.coverage.filter(c, c.group == \"access-refused\" && has(c.missing)).map(c, c.configured ? (has(c.notLoaded) ? \"not loaded: \" + c.notLoaded.join(\", \") : \"not loaded\") : \"no rule for \" + c.missing.join(\", \"))",
      "rationale": "Somebody who looks around hits many closed doors before an open one.",
      "remediation": "Write it into a file of `/etc/audit/rules.d`, then `augenrules --load`:\n\n```\n-a always,exit -F arch=b64 -S creat,open,openat,truncate,ftruncate -F exit=-EACCES -F auid>=1000 -F auid!=unset -k access\n-a always,exit -F arch=b64 -S creat,open,openat,truncate,ftruncate -F exit=-EPERM -F auid>=1000 -F auid!=unset -k access\n-a always,exit -F arch=b32 -S creat,open,openat,truncate,ftruncate -F exit=-EACCES -F auid>=1000 -F auid!=unset -k access\n-a always,exit -F arch=b32 -S creat,open,openat,truncate,ftruncate -F exit=-EPERM -F auid>=1000 -F auid!=unset -k access\n```",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.7"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-records-session-files",
      "title": "Changes of the session records are recorded",
      "severity": "low",
      "applies": "audit.installed && audit.coverage.exists(c, c.group == \"sessions\")",
      "pass": "audit.coverage.exists(c, c.group == \"sessions\" && c.configured && c.loaded)",
      "evidence": "audit.coverage.filter(c, c.group == \"sessions\" && has(c.missing)).map(c, c.configured ? (has(c.notLoaded) ? \"not loaded: \" + c.notLoaded.join(\", \") : \"not loaded\") : \"no rule for \" + c.missing.join(\", \"))",
      "rationale": "Wiping these files is how a login disappears from `last` and `who`.",
      "remediation": "Write it into a file of `/etc/audit/rules.d`, then `augenrules --load`:\n\n```\n-w /var/run/utmp -p wa -k session\n-w /var/log/wtmp -p wa -k session\n-w /var/log/btmp -p wa -k session\n```",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.11"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1070"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-records-sudo-changes",
      "title": "Changes of who may become root are recorded",
      "severity": "medium",
      "applies": "audit.installed && audit.coverage.exists(c, c.group == \"sudo-configuration\")",
      "pass": "audit.coverage.exists(c, c.group == \"sudo-configuration\" && c.configured && c.loaded)",
      "evidence": "audit.coverage.filter(c, c.group == \"sudo-configuration\" && has(c.missing)).map(c, c.configured ? (has(c.notLoaded) ? \"not loaded: \" + c.notLoaded.join(\", \") : \"not loaded\") : \"no rule for \" + c.missing.join(\", \"))",
      "rationale": "One line in a file of sudoers.d makes an ordinary account root.",
      "remediation": "Write it into a file of `/etc/audit/rules.d`, then `augenrules --load`:\n\n```\n-w /etc/sudoers -p wa -k scope\n-w /etc/sudoers.d -p wa -k scope\n```",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-records-sudo-log-changes",
      "title": "Changes of sudo's own log are recorded",
      "severity": "low",
      "applies": "audit.installed && accounts.sudo.installed && accounts.sudo.logfile != \"\"",
      "pass": "audit.rules.exists(r, r.rule.startsWith(\"-w \" + accounts.sudo.logfile + \" -p \") && r.configured && r.loaded)",
      "evidence": "[audit.rules.exists(r, r.rule.startsWith(\"-w \" + accounts.sudo.logfile + \" -p \") && has(r.configured) && r.configured) ? \"not loaded: a watch on \" + accounts.sudo.logfile : \"no rule for \" + accounts.sudo.logfile]",
      "rationale": "Whoever became root can take out the line that says how.",
      "remediation": "Write it into a file of `/etc/audit/rules.d`, then `augenrules --load`:\n\n```\n-w {{ accounts.sudo.logfile }} -p wa -k sudo_log_file\n```",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1070.002"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-rules-file-current",
      "title": "audit.rules is what augenrules makes of rules.d",
      "severity": "low",
      "applies": "audit.installed && audit.source == \"augenrules\"",
      "pass": "audit.rulesFileCurrent",
      "evidence": "[\"/etc/audit/audit.rules differs from what augenrules makes of /etc/audit/rules.d\"]",
      "rationale": "Either rules were added and not loaded yet, or somebody edited the made file and will lose it at the next boot.",
      "remediation": "`augenrules --check`, then `augenrules --load`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.21"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-rules-immutable",
      "title": "Audit rules are locked until reboot",
      "severity": "medium",
      "applies": "audit.installed",
      "pass": "audit.settings.immutable && audit.kernel.enabled == 2",
      "evidence": "[has(audit.settings) && !audit.settings.immutable ? \"no -e 2 at the end of the rules\" : \"auditctl -s says enabled \" + string(audit.kernel.enabled)]",
      "rationale": "Otherwise the first thing that an intruder with root does is to take the rules out, and nobody sees it.",
      "remediation": "Write it as the last file: `echo -e '-e 2' > /etc/audit/rules.d/99-finalize.rules`, then reboot. Changes of rules then need a reboot, too.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.20"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-rules-loaded",
      "title": "The rules of the files are those of the kernel",
      "severity": "medium",
      "applies": "audit.installed",
      "pass": "!audit.rules.exists(r, r.configured && !r.loaded)",
      "evidence": "audit.rules.filter(r, has(r.configured) && has(r.loaded) && r.configured && !r.loaded).map(r, \"not loaded: \" + r.rule + \" (\" + r.path + \":\" + string(r.line) + \")\")",
      "rationale": "A rule that is only in a file records nothing. One line that auditctl refuses, such as a watch in a directory that is not there, ends the loading of all that follow.",
      "remediation": "`augenrules --load` and read what it prints; `auditctl -l` shows what is loaded.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.21"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-rules-persisted",
      "title": "The rules of the kernel come from files",
      "severity": "low",
      "applies": "audit.installed",
      "pass": "!audit.rules.exists(r, r.loaded && !r.configured)",
      "evidence": "audit.rules.filter(r, has(r.configured) && has(r.loaded) && r.loaded && !r.configured).map(r, \"in no file: \" + r.rule)",
      "rationale": "Rules that somebody loaded by hand are gone after a reboot. One that excludes something may also be the work of an intruder.",
      "remediation": "Write what is meant into `/etc/audit/rules.d` and load all of it anew: `augenrules --load`. Programs that bring rules of their own (osquery, Falco on old kernels) waive this.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.3.21"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-stops-on-full-disk",
      "title": "A host that cannot record any more stops",
      "severity": "low",
      "applies": "audit.installed",
      "pass": "audit.daemon.diskFullAction in [\"single\", \"halt\"] && audit.daemon.diskErrorAction in [\"syslog\", \"single\", \"halt\"]",
      "evidence": "[\"disk_full_action = \" + audit.daemon.diskFullAction + \", disk_error_action = \" + audit.daemon.diskErrorAction]",
      "rationale": "Filling the disk otherwise switches the record off while the host goes on.",
      "remediation": "Set `disk_full_action = halt` and `disk_error_action = syslog` in `/etc/audit/auditd.conf`, then `service auditd restart`. It weighs availability against proof: most hosts waive this knowingly.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.2.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.012"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-tools-protected",
      "title": "Only root changes the programs of the audit trail",
      "severity": "medium",
      "applies": "audit.installed",
      "pass": "!audit.files.exists(f, f.role in [\"tool\"] && (!modeWithin(f.mode, params.maxMode) || f.uid != 0 || f.gid != 0))",
      "evidence": "audit.files.filter(f, f.role in [\"tool\"] && (!modeWithin(f.mode, params.maxMode) || f.uid != 0 || f.gid != 0)).map(f, f.path + \" has mode \" + f.mode + \", owner \" + string(f.uid) + \":\" + string(f.gid))",
      "rationale": "A swapped auditctl or ausearch shows what its owner wants to be seen.",
      "remediation": "`chown root:root {{ audit.files.filter(f, f.role in [\"tool\"] && (!modeWithin(f.mode, params.maxMode) || f.uid != 0 || f.gid != 0)).map(f, f.path) }}` and `chmod {{ params.maxMode }} {{ audit.files.filter(f, f.role in [\"tool\"] && (!modeWithin(f.mode, params.maxMode) || f.uid != 0 || f.gid != 0)).map(f, f.path) }}`. Then compare the package: `dpkg -V auditd` (Red Hat: `rpm -V audit`).",
      "fix": [
        {
          "paths": "{{ audit.files.filter(f, f.role in [\"tool\"] && (!modeWithin(f.mode, params.maxMode) || f.uid != 0 || f.gid != 0)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.4.8"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.4.9"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.4.10"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1554"
        }
      ],
      "parameters": {
        "maxMode": "0755"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "audit-trail-kept",
      "title": "The audit daemon is installed, starts at boot and runs",
      "severity": "medium",
      "pass": "audit.installed && audit.atBoot && audit.running",
      "evidence": "[!audit.installed ? \"auditd is not installed\" : has(audit.atBoot) && !audit.atBoot ? \"auditd does not start at boot\" : \"auditd does not run\"]",
      "rationale": "Who changed what, when and as whom: without it there is no answer after an incident, only the logs that the intruder left.",
      "remediation": "`apt install auditd` (Red Hat: `dnf install audit`), then `systemctl enable --now auditd`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.1.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.1.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "audit-warns-of-low-space",
      "title": "Somebody is told before the audit log fills the disk",
      "severity": "low",
      "applies": "audit.installed",
      "pass": "audit.daemon.spaceLeftAction in [\"email\", \"exec\", \"single\", \"halt\"] && audit.daemon.adminSpaceLeftAction in [\"single\", \"halt\"]",
      "evidence": "[\"space_left_action = \" + audit.daemon.spaceLeftAction + \", admin_space_left_action = \" + audit.daemon.adminSpaceLeftAction]",
      "rationale": "A full disk is the moment at which recording ends; it announces itself hours before.",
      "remediation": "Set `space_left_action = email` and `admin_space_left_action = single` in `/etc/audit/auditd.conf`, then `service auditd restart`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.2.4"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "auditing-enabled-at-boot",
      "title": "Auditing is on from the first process",
      "severity": "low",
      "pass": "host.bootParameters.exists(b, b.name == \"audit\" && b.value in [\"1\", \"on\"] && !host.bootParameters.exists(o, o.name == b.name && o.position > b.position))",
      "evidence": "host.bootParameters.exists(b, b.name == \"audit\") ? host.bootParameters.filter(b, b.name == \"audit\").map(b, \"boot parameter audit=\" + b.value) : [\"boot parameter audit=1 is not set\"]",
      "rationale": "auditd cannot record processes that started before it. audit=1 marks every process from boot on as one to be audited.",
      "remediation": "Add `audit=1 audit_backlog_limit=8192` to GRUB_CMDLINE_LINUX in `/etc/default/grub`, run `update-grub` and reboot.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.1.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "auditing-not-switched-off-at-boot",
      "title": "Auditing is not switched off at boot",
      "severity": "medium",
      "pass": "!host.bootParameters.exists(b, b.name == \"audit\" && b.value in [\"0\", \"off\"] && !host.bootParameters.exists(o, o.name == b.name && o.position > b.position))",
      "evidence": "host.bootParameters.filter(b, b.name == \"audit\" && b.value in [\"0\", \"off\"] && !host.bootParameters.exists(o, o.name == b.name && o.position > b.position)).map(b, \"boot parameter \" + b.name + (b.value == \"\" ? \"\" : \"=\" + b.value))",
      "rationale": "With audit=0 the kernel has no audit trail until reboot, whatever auditd says: no record of who changed what, and denials of AppArmor and seccomp are lost with it.",
      "remediation": "Take it out of GRUB_CMDLINE_LINUX and GRUB_CMDLINE_LINUX_DEFAULT in `/etc/default/grub` (`grubby --update-kernel=ALL --remove-args=…` on Red Hat), run `update-grub` and reboot.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.2.1.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "automounter-off",
      "title": "Nothing mounts media by itself",
      "severity": "low",
      "pass": "!services.known.exists(s, s.name in [\"autofs\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"autofs\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "Whoever plugs in a stick, or can write a map, has a file system of their own mounted on the host.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"autofs\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"autofs\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"autofs\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1091"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "blacklisted-modules-not-loadable",
      "title": "Blacklisted modules cannot be loaded by name either",
      "severity": "low",
      "applies": "kernelModules.support == \"modular\"",
      "pass": "!kernelModules.modules.exists(x, x.blacklisted && !x.installDisabled && !x.denied && x.loadable && x.sources.exists(s, s.directive == \"blacklist\" && s.path.startsWith(\"/etc/\") && !(s.path in params.ignoredFiles)))",
      "evidence": "kernelModules.modules.filter(x, has(x.loadable) && x.blacklisted && !x.installDisabled && !x.denied && x.loadable && x.sources.exists(s, s.directive == \"blacklist\" && s.path.startsWith(\"/etc/\") && !(s.path in params.ignoredFiles))).map(x, x.name + \" is only blacklisted, in \" + x.sources.filter(s, s.directive == \"blacklist\").map(s, s.path + \":\" + string(s.line)).join(\", \"))",
      "rationale": "A blacklist line keeps hardware and aliases from loading a module. modprobe with its name, or another module that depends on it, loads it as before. Lists that distributions ship are meant so and are left out.",
      "remediation": "Add an install line for each: `printf 'install %s /bin/false\\n' {{ kernelModules.modules.filter(x, has(x.loadable) && x.blacklisted && !x.installDisabled && !x.denied && x.loadable).map(x, x.name) }} >> /etc/modprobe.d/gabion-install.conf`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1547.006"
        }
      ],
      "parameters": {
        "ignoredFiles": [
          "/etc/modprobe.d/blacklist.conf",
          "/etc/modprobe.d/blacklist-ath_pci.conf",
          "/etc/modprobe.d/blacklist-firewire.conf",
          "/etc/modprobe.d/blacklist-framebuffer.conf",
          "/etc/modprobe.d/blacklist-modem.conf",
          "/etc/modprobe.d/blacklist-oss.conf",
          "/etc/modprobe.d/blacklist-rare-network.conf",
          "/etc/modprobe.d/fbdev-blacklist.conf",
          "/etc/modprobe.d/amd64-microcode-blacklist.conf",
          "/etc/modprobe.d/intel-microcode-blacklist.conf",
          "/etc/modprobe.d/nvidia-installer-disable-nouveau.conf"
        ]
      },
      "parameterNotes": {
        "ignoredFiles": "files of distributions whose blacklist is meant for aliases only"
      },
      "tests": []
    },
    {
      "id": "blacklisted-modules-not-loaded",
      "title": "No module is loaded that the configuration forbids",
      "severity": "medium",
      "applies": "kernelModules.support == \"modular\"",
      "pass": "!kernelModules.modules.exists(x, (x.blacklisted || x.installDisabled || x.denied) && x.loaded)",
      "evidence": "kernelModules.modules.filter(x, (x.blacklisted || x.installDisabled || x.denied) && has(x.loaded) && x.loaded).map(x, x.name + \" is loaded, forbidden by \" + x.sources.filter(s, s.directive == \"blacklist\" || s.directive == \"cmdline\" || (s.directive == \"install\" && s.disables)).map(s, s.path + (s.directive == \"cmdline\" ? \"\" : \":\" + string(s.line))).join(\", \"))",
      "rationale": "Somebody decided against this module, and it runs all the same: loaded before the rule was written, by a dependency, by the initramfs, or by hand. The rule gives a comfort that is not there.",
      "remediation": "See what uses it with `lsmod`, then `modprobe -r {{ kernelModules.modules.filter(x, (x.blacklisted || x.installDisabled || x.denied) && has(x.loaded) && x.loaded).map(x, x.name) }}`. To keep it out add `install NAME /bin/false` besides the blacklist line and rebuild the initramfs (`update-initramfs -u` or `dracut -f`). Or delete the rule, if the module is wanted.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1547.006"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "bluetooth-off",
      "title": "Bluetooth is off",
      "severity": "low",
      "pass": "!services.known.exists(s, s.name in [\"bluetooth\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"bluetooth\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "Whoever is near enough reaches its protocols without being in the network.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"bluetooth\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"bluetooth\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"bluetooth\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "3.1.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1011.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "bogus-icmp-errors-ignored",
      "title": "Broken ICMP answers do not fill the log",
      "severity": "low",
      "pass": "!sysctl.parameters.exists(p, p.name in [\"net.ipv4.icmp_ignore_bogus_error_responses\"] && (!p.supported || (p.name == \"net.ipv4.icmp_ignore_bogus_error_responses\" && p.live != \"1\")))",
      "evidence": "sysctl.parameters.filter(p, has(p.live) && p.name in [\"net.ipv4.icmp_ignore_bogus_error_responses\"] && (!p.supported || (p.name == \"net.ipv4.icmp_ignore_bogus_error_responses\" && p.live != \"1\"))).map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "Anybody in the network can otherwise write the kernel log full, over what it should show.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'net.ipv4.icmp_ignore_bogus_error_responses = 1' > /etc/sysctl.d/60-gabion-bogus-icmp.conf\nsysctl --system\n```",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-bogus-icmp.conf",
          "lines": [
            "net.ipv4.icmp_ignore_bogus_error_responses = 1"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-bogus-icmp.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "3.3.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1499"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "boot-loader-password-set",
      "title": "The boot loader asks for a password before it changes anything",
      "severity": "medium",
      "applies": "host.init != \"unknown\" && host.cloud == \"none\"",
      "manual": "`/boot/grub/grub.cfg` (Red Hat: `/boot/grub2/user.cfg`) has a `password_pbkdf2` of a superuser, and entries that boot the usual system are `--unrestricted`.",
      "rationale": "Whoever reaches the console otherwise adds `init=/bin/sh` to the kernel's command line and is root without any password.",
      "remediation": "Make a hash with `grub-mkpasswd-pbkdf2`, write `set superusers` and `password_pbkdf2` to `/etc/grub.d/40_custom`, add `--unrestricted` to CLASS in `/etc/grub.d/10_linux`, then `update-grub` (Red Hat: `grub2-setpassword`). Hosts of clouds without a console that matters waive this.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.4.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1542"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "boot-menu-private",
      "title": "Only root can read the boot loader’s menu",
      "severity": "low",
      "applies": "files.paths.exists(p, p.path.endsWith(\"grub.cfg\"))",
      "pass": "files.paths.all(p, p.role != \"boot-loader\" || !p.path.endsWith(\"grub.cfg\") || p.readers.size() == 0)",
      "evidence": "files.paths.filter(p, p.role == \"boot-loader\" && p.path.endsWith(\"grub.cfg\") && has(p.readers) && p.readers.size() > 0).map(p, p.path + \" can be read by \" + p.readers.join(\", \"))",
      "rationale": "The menu holds the hash of the boot password and tells which parameters the kernel gets.",
      "remediation": "`chmod 0600 {{ files.paths.filter(p, p.role == \"boot-loader\" && p.path.endsWith(\"grub.cfg\") && has(p.readers) && p.readers.size() > 0).map(p, p.path) }}`",
      "fix": [
        {
          "paths": "{{ files.paths.filter(p, p.role == \"boot-loader\" && p.path.endsWith(\"grub.cfg\") && has(p.readers) && p.readers.size() > 0).map(p, p.path) }}",
          "mode": "0600"
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.4.2"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "bpf-jit-hardened",
      "title": "Compiled BPF programs are hardened for all users",
      "severity": "low",
      "applies": "sysctl.parameters.exists(p, p.name == \"net.core.bpf_jit_harden\" && p.supported)",
      "pass": "sysctl.parameters.exists(p, p.name == \"net.core.bpf_jit_harden\" && p.supported && int(p.live) == 2)",
      "evidence": "sysctl.parameters.filter(p, p.name == \"net.core.bpf_jit_harden\").map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "Constants of BPF programs end up in executable pages of the kernel. Blinding them takes away a way to place code there.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'net.core.bpf_jit_harden = 2' > /etc/sysctl.d/60-gabion-bpf-jit.conf\nsysctl --system\n```\n\nTracing and eBPF network plugins lose some speed.",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-bpf-jit.conf",
          "lines": [
            "net.core.bpf_jit_harden = 2"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-bpf-jit.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "bridged-traffic-filtered",
      "title": "Traffic between pods on one bridge passes the packet filter",
      "severity": "medium",
      "applies": "host.kubernetesRoles.exists(r, r == \"worker\") && sysctl.parameters.exists(p, p.name == \"net.bridge.bridge-nf-call-iptables\" && p.supported)",
      "pass": "!sysctl.parameters.exists(p, p.name in [\"net.bridge.bridge-nf-call-iptables\", \"net.bridge.bridge-nf-call-ip6tables\"] && p.supported && p.live != \"1\")",
      "evidence": "sysctl.parameters.filter(p, p.name in [\"net.bridge.bridge-nf-call-iptables\", \"net.bridge.bridge-nf-call-ip6tables\"] && has(p.live) && p.supported && p.live != \"1\").map(p, p.name + \" is \" + p.live)",
      "rationale": "Network policies and services of plugins that use a Linux bridge are rules of iptables. With 0 pods of one node reach each other past all of them.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'net.bridge.bridge-nf-call-iptables = 1' 'net.bridge.bridge-nf-call-ip6tables = 1' > /etc/sysctl.d/60-gabion-bridge.conf\nsysctl --system\n```",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-bridge.conf",
          "lines": [
            "net.bridge.bridge-nf-call-iptables = 1",
            "net.bridge.bridge-nf-call-ip6tables = 1"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-bridge.conf"
          ]
        }
      ],
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "broadcast-pings-ignored",
      "title": "Pings to broadcast addresses are not answered",
      "severity": "low",
      "pass": "!sysctl.parameters.exists(p, p.name in [\"net.ipv4.icmp_echo_ignore_broadcasts\"] && (!p.supported || (p.name == \"net.ipv4.icmp_echo_ignore_broadcasts\" && p.live != \"1\")))",
      "evidence": "sysctl.parameters.filter(p, has(p.live) && p.name in [\"net.ipv4.icmp_echo_ignore_broadcasts\"] && (!p.supported || (p.name == \"net.ipv4.icmp_echo_ignore_broadcasts\" && p.live != \"1\"))).map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "One forged packet would otherwise make every host of the network answer to a victim.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'net.ipv4.icmp_echo_ignore_broadcasts = 1' > /etc/sysctl.d/60-gabion-broadcast-pings.conf\nsysctl --system\n```",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-broadcast-pings.conf",
          "lines": [
            "net.ipv4.icmp_echo_ignore_broadcasts = 1"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-broadcast-pings.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "3.3.4"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1498.002"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "checked-password-is-the-one-stored",
      "title": "The password that was checked is the one that is stored",
      "severity": "medium",
      "applies": "accounts.pamInstalled",
      "pass": "!accounts.pamModules.exists(m, m.type == \"password\" && m.module in [\"pam_unix\", \"pam_pwhistory\"] && m.position > 1 && !(\"use_authtok\" in m.arguments))",
      "evidence": "accounts.pamModules.filter(m, m.type == \"password\" && m.module in [\"pam_unix\", \"pam_pwhistory\"] && m.position > 1 && !(\"use_authtok\" in m.arguments)).map(m, m.module + \" of \" + m.service + \" asks for a password of its own\")",
      "rationale": "Without `use_authtok` a module asks again when the one before it refused or did not ask, and takes a password that nothing has looked at.",
      "remediation": "Add `use_authtok` to the password lines of `pam_unix.so` and `pam_pwhistory.so` that stand behind another module.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.3.3.3"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.3.4.4"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1078"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "cluster-audit-log-kept",
      "title": "The API server keeps an audit log",
      "severity": "high",
      "applies": "host.kubernetesRoles.size() > 0 && !(\"control-plane\" in host.kubernetesRoles)",
      "manual": "The API server runs with `--audit-policy-file` and `--audit-log-path` (or a webhook), the policy logs changes to secrets at Metadata and exec at Request, and the log leaves the node.",
      "rationale": "Without it nobody can say who read which secret or ran what in which pod.",
      "remediation": "Write a policy, mount it into the API server, set the four limits of the log files and ship them.",
      "references": [
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Audit logging and threat detection"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "cluster-binaries-verified",
      "title": "Kubernetes binaries are those of their release",
      "severity": "medium",
      "applies": "host.kubernetesRoles.size() > 0",
      "manual": "Compare `sha512sum /usr/bin/kubelet /usr/bin/kubectl` and those of the control plane with the checksums of the release.",
      "rationale": "A kubelet from another source than the release does what its maker wants, as root on every node.",
      "remediation": "Reinstall from the signed packages of pkgs.k8s.io, or compare with `https://dl.k8s.io/VERSION/bin/linux/amd64/kubelet.sha512`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1195.002"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1554"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "cluster-images-from-trusted-registries",
      "title": "Only signed images from known registries run",
      "severity": "medium",
      "applies": "host.kubernetesRoles.size() > 0",
      "manual": "An admission policy restricts registries and verifies signatures, or names digests; images are scanned, and an SBOM is kept.",
      "rationale": "Who can push a tag can otherwise run code in the cluster.",
      "remediation": "Enforce it at admission (ImagePolicyWebhook, Kyverno, policy-controller) and pin images by digest.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.1.5"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1525"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "cluster-ingress-uses-tls",
      "title": "Ingress and traffic between pods are encrypted",
      "severity": "medium",
      "applies": "host.kubernetesRoles.size() > 0",
      "manual": "`kubectl get ingress -A -o yaml`: each host has a tls section with a current certificate; a mesh or the network plugin encrypts traffic between nodes where it carries secrets.",
      "rationale": "Inside of the cluster network is not private: a node, a mirror port or a taken pod can listen.",
      "remediation": "Issue certificates with cert-manager, redirect HTTP, and turn on WireGuard or mTLS in the network plugin or mesh.",
      "references": [
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1040"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "cluster-metadata-service-guarded",
      "title": "Pods cannot reach the metadata service of the cloud",
      "severity": "high",
      "applies": "host.kubernetesRoles.size() > 0",
      "manual": "From a pod `curl -m 2 http://169.254.169.254/` gives nothing; on AWS IMDSv2 is required with a hop limit of 1.",
      "rationale": "The metadata service hands the node's cloud credentials to whoever asks from it, pods included.",
      "remediation": "Block the address in a network policy or at the node, and use workload identity instead of node roles.",
      "references": [
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1552.005"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "cluster-network-policies-deny-by-default",
      "title": "Every namespace denies traffic that no policy allows",
      "severity": "high",
      "applies": "host.kubernetesRoles.size() > 0",
      "manual": "`kubectl get networkpolicy -A`: each namespace with workloads has a policy with an empty podSelector that denies ingress and egress, and the network plugin enforces policies.",
      "rationale": "Without a default denial one taken pod reaches every other pod, the API server and the metadata service.",
      "remediation": "Apply a default-deny policy in each namespace, DNS and the needed paths allowed beside it; block 169.254.169.254 for pods.",
      "references": [
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1046"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1552.005"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "cluster-pod-security-enforced",
      "title": "Namespaces enforce a Pod Security Standard",
      "severity": "high",
      "applies": "host.kubernetesRoles.size() > 0",
      "manual": "`kubectl get namespaces --show-labels`: `pod-security.kubernetes.io/enforce` is baseline or restricted wherever users deploy, or a policy engine does the same.",
      "rationale": "Without it anybody who may create a pod may create a privileged one, and owns the node.",
      "remediation": "Label namespaces with `pod-security.kubernetes.io/enforce=restricted`, with warn and audit first.",
      "references": [
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1610"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "cluster-rbac-least-privilege",
      "title": "Roles give no more than their holders need",
      "severity": "high",
      "applies": "host.kubernetesRoles.size() > 0",
      "manual": "`kubectl get clusterrolebindings -o wide`: cluster-admin has few and known holders; no role has `*` verbs, `escalate`, `bind`, `impersonate`, `nodes/proxy` or `pods/exec` without need; system:anonymous and system:unauthenticated have none.",
      "rationale": "Most ways from a pod to the cluster go through a role that was wider than anybody remembered.",
      "remediation": "Replace cluster-admin by roles with named verbs and resources, in namespaces; look at single subjects with `kubectl auth can-i --list --as=SUBJECT`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "5.1.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "5.1.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "5.1.1"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Authentication and authorization"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1078"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "cluster-runtime-sandbox-for-untrusted",
      "title": "Untrusted workloads run in a sandbox",
      "severity": "medium",
      "applies": "host.kubernetesRoles.size() > 0",
      "manual": "`kubectl get runtimeclass`: a gVisor or Kata class exists, and pods that run other people's code name it.",
      "rationale": "Containers share the kernel of the node. Code that nobody vouches for should get another one.",
      "remediation": "Install runsc or kata on a pool of nodes, create its RuntimeClass and have admission require it there.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.5.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "cluster-secrets-encrypted-at-rest",
      "title": "Secrets are encrypted in etcd",
      "severity": "high",
      "applies": "host.kubernetesRoles.size() > 0 && !(\"control-plane\" in host.kubernetesRoles)",
      "manual": "The API server runs with `--encryption-provider-config`, its first provider for secrets is not identity, and secrets from before were written again.",
      "rationale": "A copy of etcd, from a backup or a disk, otherwise is every password of the cluster in base64.",
      "remediation": "Configure a KMS provider (or secretbox), then rewrite: `kubectl get secrets -A -o json | kubectl replace -f -`.",
      "references": [
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1552.007"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "cluster-service-account-tokens-not-mounted",
      "title": "Pods that do not call the API have no token",
      "severity": "medium",
      "applies": "host.kubernetesRoles.size() > 0",
      "manual": "`kubectl get serviceaccount -A -o yaml`: `automountServiceAccountToken: false` on default accounts, and pods that need a token name an account of their own.",
      "rationale": "A token in every pod is a credential in every pod, for whoever gets a shell in one.",
      "remediation": "Set `automountServiceAccountToken: false` on the default service account of each namespace and give workloads their own.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "5.1.6"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "5.1.6"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "5.1.6"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1528"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "cni-files-mode",
      "title": "Network plugin configuration is writable by root only",
      "severity": "medium",
      "applies": "controlPlane.files.exists(f, f.role == \"cni-config\" && f.state != \"absent\")",
      "pass": "controlPlane.files.all(f, !(f.role == \"cni-config\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "controlPlane.files.filter(f, f.role == \"cni-config\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "The configuration names programs that run as root for every pod. Plugins install it as 0644; the CIS benchmark asks for 0600, which the CIS profile sets.",
      "remediation": "`chmod {{ params.maxMode }} {{ controlPlane.files.filter(f, f.role == \"cni-config\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made, or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ controlPlane.files.filter(f, f.role == \"cni-config\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.9"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.9"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.9"
        }
      ],
      "parameters": {
        "maxMode": "0644"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "cni-files-owner",
      "title": "Network plugin configuration belongs to root",
      "severity": "medium",
      "applies": "controlPlane.files.exists(f, (f.role == \"cni-config\" || f.role == \"cni-directory\") && f.state != \"absent\")",
      "pass": "controlPlane.files.all(f, !((f.role == \"cni-config\" || f.role == \"cni-directory\")) || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : f.uid == 0 && f.gid == 0))",
      "evidence": "controlPlane.files.filter(f, (f.role == \"cni-config\" || f.role == \"cni-directory\") && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path + \" belongs to uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "Whoever owns a file can change its mode and its content, whatever the mode says now.",
      "remediation": "`chown root:root {{ controlPlane.files.filter(f, (f.role == \"cni-config\" || f.role == \"cni-directory\") && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}`",
      "fix": [
        {
          "paths": "{{ controlPlane.files.filter(f, (f.role == \"cni-config\" || f.role == \"cni-directory\") && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.10"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.10"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.10"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "container-apparmor-profile-loaded",
      "title": "The runtime's AppArmor profile for containers is loaded",
      "severity": "medium",
      "applies": "apparmor.enabled && host.kubernetesRoles.size() > 0",
      "pass": "apparmor.profiles.exists(p, p.name in params.profiles && p.mode in [\"enforce\", \"kill\"])",
      "evidence": "apparmor.profiles.exists(p, p.name in params.profiles) ? apparmor.profiles.filter(p, p.name in params.profiles).map(p, p.name + \" is in mode \" + p.mode) : [\"none of \" + params.profiles.join(\", \") + \" is loaded\"]",
      "rationale": "Containers that ask for the runtime's default get this profile. Where it is missing or only complains they run unconfined, or do not start.",
      "remediation": "containerd, CRI-O and Docker load it when they start a container: see that `apparmor_parser` is on the host (package apparmor) and restart the runtime.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {
        "profiles": [
          "cri-containerd.apparmor.d",
          "crio-default",
          "docker-default",
          "containers-default-0.44.0"
        ]
      },
      "parameterNotes": {
        "profiles": "names of profiles of which one must be loaded"
      },
      "tests": []
    },
    {
      "id": "container-certificates-protected",
      "title": "Only root can change the certificates that engines trust",
      "severity": "medium",
      "applies": "containerRuntime.files.exists(f, f.role in [\"tls-ca\", \"tls-cert\", \"client-certificate\", \"registry-certificate\"] && f.state != \"absent\")",
      "pass": "containerRuntime.files.all(f, !(f.role in [\"tls-ca\", \"tls-cert\", \"client-certificate\", \"registry-certificate\"]) || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode) && f.uid == 0 && f.gid == 0))",
      "evidence": "containerRuntime.files.filter(f, f.role in [\"tls-ca\", \"tls-cert\", \"client-certificate\", \"registry-certificate\"] && f.state == \"present\" && !(modeWithin(f.mode, params.maxMode) && f.uid == 0 && f.gid == 0)).map(f, f.path + \" has mode \" + f.mode + \", uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "Who can replace the CA decides whom the engine believes: clients of its API, or registries that images come from.",
      "remediation": "`chown root:root {{ containerRuntime.files.filter(f, f.role in [\"tls-ca\", \"tls-cert\", \"client-certificate\", \"registry-certificate\"] && f.state == \"present\" && !(modeWithin(f.mode, params.maxMode) && f.uid == 0 && f.gid == 0)).map(f, f.path) }}` and `chmod {{ params.maxMode }} {{ containerRuntime.files.filter(f, f.role in [\"tls-ca\", \"tls-cert\", \"client-certificate\", \"registry-certificate\"] && f.state == \"present\" && !(modeWithin(f.mode, params.maxMode) && f.uid == 0 && f.gid == 0)).map(f, f.path) }}`.",
      "fix": [
        {
          "paths": "{{ containerRuntime.files.filter(f, f.role in [\"tls-ca\", \"tls-cert\", \"client-certificate\", \"registry-certificate\"] && f.state == \"present\" && !(modeWithin(f.mode, params.maxMode) && f.uid == 0 && f.gid == 0)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.7"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.8"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.9"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.10"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.11"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.12"
        }
      ],
      "parameters": {
        "maxMode": "0644"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "container-data-separate",
      "title": "Images and containers have a file system of their own",
      "severity": "low",
      "applies": "files.mounts.exists(m, m.path in params.paths)",
      "pass": "files.mounts.all(m, !(m.path in params.paths) || m.separate)",
      "evidence": "files.mounts.filter(m, m.path in params.paths && !(m.separate)).map(m, m.path + \" is not a file system of its own\")",
      "rationale": "Images, layers and logs of containers grow without asking. On a file system of their own they fill that, and not the one that the host needs to run and to log.",
      "remediation": "Make a volume for {{ files.mounts.filter(m, m.path in params.paths && !m.separate).map(m, m.path) }}, stop the engine, copy what is there, and mount it from /etc/fstab.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "1.1.1"
        }
      ],
      "parameters": {
        "paths": [
          "/var/lib/docker",
          "/var/lib/containerd",
          "/var/lib/containers"
        ]
      },
      "parameterNotes": {
        "paths": "directories of engines that are judged"
      },
      "tests": []
    },
    {
      "id": "container-default-apparmor-on",
      "title": "Engines give containers their default AppArmor profile",
      "severity": "high",
      "applies": "containerRuntime.containerd.size() + containerRuntime.crio.size() > 0",
      "pass": "containerRuntime.containerd.all(c, !c.settings.apparmorDisabled) && containerRuntime.crio.all(c, c.settings.apparmorProfile != \"unconfined\")",
      "evidence": "containerRuntime.containerd.filter(c, c.settings.apparmorDisabled).map(c, c.id + \": disable_apparmor is set\") + containerRuntime.crio.filter(c, c.settings.apparmorProfile == \"unconfined\").map(c, c.id + \": apparmor_profile is unconfined\")",
      "rationale": "The default profile keeps containers from mounting, from writing to /proc and /sys and from tracing others. Switched off in the engine, no pod gets it, whatever it asks for.",
      "remediation": "Take `disable_apparmor` out of containerd's configuration, or `apparmor_profile` out of CRI-O's, and restart the engine. On hosts with SELinux the setting does nothing.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "container-default-seccomp-on",
      "title": "Engines filter system calls of containers by default",
      "severity": "high",
      "applies": "containerRuntime.docker.exists(d, !d.contained) || containerRuntime.crio.exists(c, !c.contained)",
      "pass": "containerRuntime.docker.all(d, d.contained || d.settings.seccompProfile != \"unconfined\") && containerRuntime.crio.all(c, c.contained || c.settings.seccompProfile != \"unconfined\")",
      "evidence": "containerRuntime.docker.filter(d, !d.contained && d.settings.seccompProfile == \"unconfined\").map(d, d.id + \": seccomp-profile is unconfined\") + containerRuntime.crio.filter(c, !c.contained && c.settings.seccompProfile == \"unconfined\").map(c, c.id + \": seccomp_profile is unconfined\")",
      "rationale": "The default profile refuses about fifty system calls that containers do not need, and with them most ways from a container into the kernel. An engine told `unconfined` takes it away from everything that does not bring its own.",
      "remediation": "Take `seccomp-profile` out of daemon.json and of the flags (CRI-O: `seccomp_profile` in /etc/crio), or name a profile of your own.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.17"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "container-engine-files-protected",
      "title": "Only root can change what configures container engines",
      "severity": "high",
      "applies": "containerRuntime.files.exists(f, f.role in [\"config\", \"config-directory\", \"unit\", \"environment\"] && f.state != \"absent\")",
      "pass": "containerRuntime.files.all(f, !(f.role in [\"config\", \"config-directory\", \"unit\", \"environment\"]) || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, (f.role == \"config-directory\" ? params.maxDirectoryMode : params.maxMode)) && f.uid == 0 && f.gid == 0))",
      "evidence": "containerRuntime.files.filter(f, f.role in [\"config\", \"config-directory\", \"unit\", \"environment\"] && f.state == \"present\" && !(modeWithin(f.mode, (f.role == \"config-directory\" ? params.maxDirectoryMode : params.maxMode)) && f.uid == 0 && f.gid == 0)).map(f, f.path + \" has mode \" + f.mode + \", uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "Who can write daemon.json, an import of containerd or a unit decides what runs as root at the next restart.",
      "remediation": "`chown root:root {{ containerRuntime.files.filter(f, f.role in [\"config\", \"config-directory\", \"unit\", \"environment\"] && f.state == \"present\" && !(modeWithin(f.mode, f.role == \"config-directory\" ? params.maxDirectoryMode : params.maxMode) && f.uid == 0 && f.gid == 0)).map(f, f.path) }}`, then `chmod {{ params.maxMode }}` for files and `chmod {{ params.maxDirectoryMode }}` for directories.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.1"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.2"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.5"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.6"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.17"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.18"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.19"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.20"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.3"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.4"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.21"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.22"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1543"
        }
      ],
      "parameters": {
        "maxMode": "0644",
        "maxDirectoryMode": "0755"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal",
        "maxDirectoryMode": "the most that the mode of a directory may allow, octal"
      },
      "tests": []
    },
    {
      "id": "container-keys-private",
      "title": "Keys of engines and of root's Docker client are readable by root only",
      "severity": "high",
      "applies": "containerRuntime.files.exists(f, f.role in [\"tls-key\", \"client-key\", \"registry-key\"] && f.state != \"absent\")",
      "pass": "containerRuntime.files.all(f, !(f.role in [\"tls-key\", \"client-key\", \"registry-key\"]) || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode) && f.uid == 0 && f.gid == 0))",
      "evidence": "containerRuntime.files.filter(f, f.role in [\"tls-key\", \"client-key\", \"registry-key\"] && f.state == \"present\" && !(modeWithin(f.mode, params.maxMode) && f.uid == 0 && f.gid == 0)).map(f, f.path + \" has mode \" + f.mode + \", uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "With the server's key somebody poses as the engine, with a client's key as the administrator, who is root on every host that trusts it.",
      "remediation": "`chown root:root {{ containerRuntime.files.filter(f, f.role in [\"tls-key\", \"client-key\", \"registry-key\"] && f.state == \"present\" && !(modeWithin(f.mode, params.maxMode) && f.uid == 0 && f.gid == 0)).map(f, f.path) }}` and `chmod {{ params.maxMode }} {{ containerRuntime.files.filter(f, f.role in [\"tls-key\", \"client-key\", \"registry-key\"] && f.state == \"present\" && !(modeWithin(f.mode, params.maxMode) && f.uid == 0 && f.gid == 0)).map(f, f.path) }}`. A key that others could read counts as theirs: make a new one.",
      "fix": [
        {
          "paths": "{{ containerRuntime.files.filter(f, f.role in [\"tls-key\", \"client-key\", \"registry-key\"] && f.state == \"present\" && !(modeWithin(f.mode, params.maxMode) && f.uid == 0 && f.gid == 0)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.13"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.14"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1552.004"
        }
      ],
      "parameters": {
        "maxMode": "0600"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "container-ports-not-privileged",
      "title": "No container is given a port below 1024",
      "severity": "low",
      "applies": "containerRuntime.docker.exists(d, !d.contained) && host.kubernetesRoles.size() == 0",
      "pass": "!firewall.exposures.exists(e, e.via == \"dnat\" && e.port < 1024 && !((string(e.port) + \"/\" + e.protocol) in params.allowed))",
      "evidence": "firewall.exposures.filter(e, e.via == \"dnat\" && e.port < 1024 && !((string(e.port) + \"/\" + e.protocol) in params.allowed)).map(e, string(e.port) + \"/\" + e.protocol + \" on \" + e.address + \" leads to a container\")",
      "rationale": "Ports below 1024 are taken for services of the host: only root may open them, and clients trust them. Whoever may publish ports of containers takes them without being root.",
      "remediation": "Publish on a higher port: `docker run -p 10.0.0.5:8022:22`, and let what stands before it translate. Ports that are meant to lead to containers go into parameter `allowed`.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "5.8"
        }
      ],
      "parameters": {
        "allowed": [
          "80/tcp",
          "443/tcp",
          "443/udp"
        ]
      },
      "parameterNotes": {
        "allowed": "`port/protocol` below 1024 that may lead to containers"
      },
      "tests": []
    },
    {
      "id": "container-ports-on-one-address",
      "title": "Ports of containers are published on one address",
      "severity": "low",
      "applies": "containerRuntime.docker.exists(d, !d.contained) && host.kubernetesRoles.size() == 0",
      "pass": "!firewall.exposures.exists(e, e.via == \"dnat\" && e.address in [\"0.0.0.0\", \"::\"] && !((string(e.port) + \"/\" + e.protocol) in params.allowed))",
      "evidence": "firewall.exposures.filter(e, e.via == \"dnat\" && e.address in [\"0.0.0.0\", \"::\"] && !((string(e.port) + \"/\" + e.protocol) in params.allowed)).map(e, string(e.port) + \"/\" + e.protocol + \" is published on every \" + e.family + \" address\")",
      "rationale": "A port that is published without an address is open on every network of the host, also on those that are added later: a service for the inner network answers on the outer one.",
      "remediation": "Publish with an address: `docker run -p 10.0.0.5:8080:80`, or `\"10.0.0.5:8080:80\"` under `ports` of a compose file; `\"ip\": \"10.0.0.5\"` in `/etc/docker/daemon.json` is the default for all. Ports that are meant for every network go into parameter `allowed`.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "5.14"
        }
      ],
      "parameters": {
        "allowed": []
      },
      "parameterNotes": {
        "allowed": "`port/protocol` that may be open on every address"
      },
      "tests": []
    },
    {
      "id": "container-registries-verified",
      "title": "Images come from registries that prove who they are",
      "severity": "high",
      "pass": "!containerRuntime.registries.exists(r, r.trust != \"verified\" && !(r.registry.startsWith(\"localhost\") || r.registry.startsWith(\"127.\") || r.registry == \"::1/128\" || r.endpoint.startsWith(\"http://localhost\") || r.endpoint.startsWith(\"http://127.\")) && !(r.registry in params.allowed))",
      "evidence": "containerRuntime.registries.filter(r, r.trust != \"verified\" && !(r.registry.startsWith(\"localhost\") || r.registry.startsWith(\"127.\") || r.registry == \"::1/128\" || r.endpoint.startsWith(\"http://localhost\") || r.endpoint.startsWith(\"http://127.\")) && !(r.registry in params.allowed)).map(r, r.registry + (r.endpoint == \"\" ? \"\" : \" by \" + r.endpoint) + \": \" + r.trust)",
      "rationale": "Over plain HTTP, or with any certificate accepted, whoever stands between host and registry decides what images hold. What they hold then runs here.",
      "remediation": "Give the registry a certificate and put its CA into `/etc/docker/certs.d/REGISTRY/ca.crt` (containerd: `ca` in its hosts.toml), then take it out of `insecure-registries`, `skip_verify` and `insecure`. Registries on loopback are not counted; further exceptions go into parameter `allowed`.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.5"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.2.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1525"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1557"
        }
      ],
      "parameters": {
        "allowed": []
      },
      "parameterNotes": {
        "allowed": "registries, as evidence names them, that need not prove themselves"
      },
      "tests": []
    },
    {
      "id": "container-shims-have-files-for-sockets",
      "title": "Sockets of containerd's shims have files that keep others out",
      "severity": "high",
      "applies": "ports.unixSockets.exists(s, s.kind == \"containerd\" || s.kind == \"containerd-shim\")",
      "pass": "!ports.unixSockets.exists(s, s.kind == \"containerd-shim\")",
      "evidence": "ports.unixSockets.filter(s, s.kind == \"containerd-shim\").map(s, s.path + \" has no file\")",
      "rationale": "Shims of containerd before 1.3.9 and 1.4.3 listen on sockets without a file, which any root in the host's network namespace can use, also that of a container with hostNetwork: he makes processes outside of all containers (CVE-2020-15257).",
      "remediation": "Update containerd to a supported version. Containers that run keep their old shims, so start them anew, or `reboot`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "container-sockets-closed-to-others",
      "title": "Only owner and group may write to the sockets of engines",
      "severity": "critical",
      "applies": "containerRuntime.sockets.size() > 0",
      "pass": "containerRuntime.sockets.all(s, modeWithin(s.mode, params.maxMode))",
      "evidence": "containerRuntime.sockets.filter(s, !modeWithin(s.mode, params.maxMode)).map(s, s.path + \" has mode \" + s.mode)",
      "rationale": "Writing to an engine's socket is root on the host. With a bit for others every local user and every process that got in through some service has it.",
      "remediation": "`chmod {{ params.maxMode }} {{ containerRuntime.sockets.filter(s, !modeWithin(s.mode, params.maxMode)).map(s, s.path) }}`, and set it where it comes from: `SocketMode=` of docker.socket, or whatever script opened it.",
      "fix": [
        {
          "paths": "{{ containerRuntime.sockets.filter(s, !modeWithin(s.mode, params.maxMode)).map(s, s.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.16"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.24"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1610"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {
        "maxMode": "0660"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "container-sockets-of-known-groups",
      "title": "No unexpected group may write to the sockets of engines",
      "severity": "high",
      "applies": "containerRuntime.sockets.size() > 0",
      "pass": "!containerRuntime.sockets.exists(s, bitAnd(octal(s.mode), 16) != 0 && s.gid != 0 && !(s.engine + \":\" + s.group in params.groups))",
      "evidence": "containerRuntime.sockets.filter(s, bitAnd(octal(s.mode), 16) != 0 && s.gid != 0 && !(s.engine + \":\" + s.group in params.groups)).map(s, s.path + \" may be written by group \" + (s.group == \"\" ? string(s.gid) : s.group))",
      "rationale": "Each member of the group is root without a password and without a trace in the sudo log. Group docker is watched by the checks of accounts; other groups are not meant to have it at all.",
      "remediation": "Put the socket's group back: `SocketGroup=docker` for Docker, gid 0 for containerd and CRI-O (`gid` in their configuration). A group that is meant goes into parameter `groups` as `engine:group`.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.15"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.23"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1078.003"
        }
      ],
      "parameters": {
        "groups": [
          "docker:docker"
        ]
      },
      "parameterNotes": {
        "groups": "`engine:group` pairs that are meant to be"
      },
      "tests": []
    },
    {
      "id": "container-streaming-on-loopback",
      "title": "The exec and attach server of engines is local or encrypted",
      "severity": "high",
      "applies": "containerRuntime.containerd.size() + containerRuntime.crio.size() > 0",
      "pass": "containerRuntime.containerd.all(c, !c.settings.criEnabled || c.settings.streamServerTls || (c.settings.streamServerAddress == \"\" || c.settings.streamServerAddress == \"localhost\" || c.settings.streamServerAddress == \"::1\" || c.settings.streamServerAddress.startsWith(\"127.\"))) && containerRuntime.crio.all(c, c.settings.streamServerTls || (c.settings.streamServerAddress == \"\" || c.settings.streamServerAddress == \"localhost\" || c.settings.streamServerAddress == \"::1\" || c.settings.streamServerAddress.startsWith(\"127.\")))",
      "evidence": "containerRuntime.containerd.filter(c, c.settings.criEnabled && !c.settings.streamServerTls && !(c.settings.streamServerAddress == \"\" || c.settings.streamServerAddress == \"localhost\" || c.settings.streamServerAddress == \"::1\" || c.settings.streamServerAddress.startsWith(\"127.\"))).map(c, c.id + \": \" + c.settings.streamServerAddress) + containerRuntime.crio.filter(c, !c.settings.streamServerTls && !(c.settings.streamServerAddress == \"\" || c.settings.streamServerAddress == \"localhost\" || c.settings.streamServerAddress == \"::1\" || c.settings.streamServerAddress.startsWith(\"127.\"))).map(c, c.id + \": \" + c.settings.streamServerAddress)",
      "rationale": "Sessions of `kubectl exec` run through this server. On the network and without TLS they can be read, and their addresses guessed.",
      "remediation": "Set `stream_server_address = \"127.0.0.1\"` (CRI-O: `stream_address`), which is the default, and restart the engine.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1609"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "containerd-api-not-on-tcp",
      "title": "containerd serves its API on its socket only",
      "severity": "critical",
      "applies": "containerRuntime.containerd.size() > 0",
      "pass": "containerRuntime.containerd.all(c, c.settings.tcpAddress == \"\")",
      "evidence": "containerRuntime.containerd.filter(c, c.settings.tcpAddress != \"\").map(c, c.id + \": \" + c.settings.tcpAddress)",
      "rationale": "Like Docker's API, containerd's gives whoever reaches it root on the host. Nothing of Kubernetes needs it on TCP.",
      "remediation": "Take `tcp_address` out of the `[grpc]` section of containerd's configuration and restart it.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1610"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "containers-confined-by-access-control",
      "title": "Every container is confined by AppArmor or SELinux",
      "severity": "medium",
      "pass": "!containers.workloads.exists(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && ((w.apparmor == \"unconfined\" && w.selinux == \"\" && !w.allCapabilities) || w.apparmorMode == \"complain\" || w.selinux in [\"spc_t\", \"unconfined_t\"]))",
      "evidence": "containers.workloads.filter(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && ((w.apparmor == \"unconfined\" && w.selinux == \"\" && !w.allCapabilities) || w.apparmorMode == \"complain\" || w.selinux in [\"spc_t\", \"unconfined_t\"])).map(w, (w.namespace == \"\" ? \"\" : w.namespace + \"/\") + w.name + (w.container == \"\" ? \"\" : \"/\" + w.container) + \": \" + (w.selinux != \"\" ? w.selinux : w.apparmor + (w.apparmorMode == \"complain\" ? \" complains only\" : \"\")))",
      "rationale": "The profile keeps a container from mounting and from writing to /proc and /sys even where its capabilities would allow it.",
      "remediation": "Take `apparmor=unconfined` or `type: Unconfined` away, and see that the engine's default profile is loaded. A host without AppArmor and SELinux is a finding of its own.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "5.2"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "5.3"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {
        "namespaces": [
          "kube-system"
        ],
        "workloads": []
      },
      "parameterNotes": {
        "namespaces": "namespaces whose pods are not judged",
        "workloads": "workloads that may, as `name` or `name/container`"
      },
      "tests": []
    },
    {
      "id": "containers-filter-system-calls",
      "title": "Every container runs behind a seccomp filter",
      "severity": "high",
      "pass": "!containers.workloads.exists(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && (w.seccomp == \"none\" && !w.allCapabilities))",
      "evidence": "containers.workloads.filter(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && (w.seccomp == \"none\" && !w.allCapabilities)).map(w, (w.namespace == \"\" ? \"\" : w.namespace + \"/\") + w.name + (w.container == \"\" ? \"\" : \"/\" + w.container) + \": no seccomp filter\")",
      "rationale": "The default profile refuses the calls that most ways out of a container begin with. Kubernetes applies none unless the pod or the kubelet asks; `ctr run` applies none either.",
      "remediation": "Set `seccompProfile: { type: RuntimeDefault }` in the pod, or `seccompDefault: true` in the kubelet; with Docker take `seccomp=unconfined` away.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "5.22"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {
        "namespaces": [
          "kube-system"
        ],
        "workloads": []
      },
      "parameterNotes": {
        "namespaces": "namespaces whose pods are not judged",
        "workloads": "workloads that may, as `name` or `name/container`"
      },
      "tests": []
    },
    {
      "id": "containers-gain-no-privileges",
      "title": "No container can gain privileges by set-uid programs",
      "severity": "medium",
      "pass": "!containers.workloads.exists(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && (!w.noNewPrivs && !w.allCapabilities && w.bounding.size() > 0))",
      "evidence": "containers.workloads.filter(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && (!w.noNewPrivs && !w.allCapabilities && w.bounding.size() > 0)).map(w, (w.namespace == \"\" ? \"\" : w.namespace + \"/\") + w.name + (w.container == \"\" ? \"\" : \"/\" + w.container) + \": no_new_privs is not set\")",
      "rationale": "Without the flag a set-uid binary in the image makes a user inside root inside, with all capabilities of the bounding set.",
      "remediation": "Set `allowPrivilegeEscalation: false` in the pod, or `no-new-privileges` in Docker.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "5.26"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1548.001"
        }
      ],
      "parameters": {
        "namespaces": [
          "kube-system"
        ],
        "workloads": []
      },
      "parameterNotes": {
        "namespaces": "namespaces whose pods are not judged",
        "workloads": "workloads that may, as `name` or `name/container`"
      },
      "tests": []
    },
    {
      "id": "containers-keep-remapped-users",
      "title": "No container leaves the user namespace that its engine gives",
      "severity": "medium",
      "applies": "containerRuntime.docker.exists(d, d.settings.usernsRemap != \"\")",
      "pass": "!containers.workloads.exists(w, w.manager == \"docker\" && !w.userNamespace)",
      "evidence": "containers.workloads.filter(w, w.manager == \"docker\" && has(w.userNamespace) && !w.userNamespace).map(w, w.name + \" has the users of the host\")",
      "rationale": "Where users are remapped, root of a container is nobody on the host. `--userns=host` takes that away from one container, and with it from all who break out of it.",
      "remediation": "Start the container without `--userns=host` (`userns_mode: host` in a compose file). What it needs of the host is given as files that the remapped user may read.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "5.31"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "containers-not-privileged",
      "title": "No container has all capabilities of the host",
      "severity": "high",
      "pass": "!containers.workloads.exists(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && (w.allCapabilities && !w.userNamespace))",
      "evidence": "containers.workloads.filter(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && (w.allCapabilities && !w.userNamespace)).map(w, (w.namespace == \"\" ? \"\" : w.namespace + \"/\") + w.name + (w.container == \"\" ? \"\" : \"/\" + w.container) + \": all capabilities\")",
      "rationale": "A privileged container loads modules, mounts the host's disks and reads every process: it is root on the host with a detour. Judged is what the process has, not what a manifest says.",
      "remediation": "Start it without `--privileged` or `privileged: true` and add the single capabilities or devices that it needs. Namespaces and workloads that must have it go into the parameters.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "5.5"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {
        "namespaces": [
          "kube-system"
        ],
        "workloads": []
      },
      "parameterNotes": {
        "namespaces": "namespaces whose pods are not judged",
        "workloads": "workloads that may, as `name` or `name/container`"
      },
      "tests": []
    },
    {
      "id": "containers-not-root",
      "title": "No container runs as root of the host",
      "severity": "medium",
      "pass": "!containers.workloads.exists(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && (w.uid == 0))",
      "evidence": "containers.workloads.filter(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && (w.uid == 0)).map(w, (w.namespace == \"\" ? \"\" : w.namespace + \"/\") + w.name + (w.container == \"\" ? \"\" : \"/\" + w.container) + \": uid 0\")",
      "rationale": "Root inside is root outside wherever a wall has a hole: in a mounted directory, through a bug of the engine or of the kernel.",
      "remediation": "Give the image a `USER`, set `runAsNonRoot: true` and a `runAsUser` in the pod, or use user namespaces (`hostUsers: false`, `userns-remap`).",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {
        "namespaces": [
          "kube-system"
        ],
        "workloads": []
      },
      "parameterNotes": {
        "namespaces": "namespaces whose pods are not judged",
        "workloads": "workloads that may, as `name` or `name/container`"
      },
      "tests": []
    },
    {
      "id": "containers-own-namespaces",
      "title": "No container shares process, network, IPC or host name with the host",
      "severity": "high",
      "pass": "!containers.workloads.exists(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && (w.hostNamespaces.exists(n, n in params.kinds)))",
      "evidence": "containers.workloads.filter(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && (w.hostNamespaces.exists(n, n in params.kinds))).map(w, (w.namespace == \"\" ? \"\" : w.namespace + \"/\") + w.name + (w.container == \"\" ? \"\" : \"/\" + w.container) + \": shares \" + w.hostNamespaces.filter(n, n in params.kinds).join(\", \"))",
      "rationale": "In the host's process namespace a container sees and may signal everything; in its network namespace it reaches what listens on loopback and can watch traffic.",
      "remediation": "Take `hostPID`, `hostNetwork` and `hostIPC` out of the pod, or `--pid=host`, `--network=host`, `--ipc=host` and `--uts=host` out of the command. What must have it, such as a CNI plugin, goes into the parameters.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "5.10"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "5.16"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "5.17"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "5.21"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {
        "namespaces": [
          "kube-system"
        ],
        "workloads": [],
        "kinds": [
          "ipc",
          "mnt",
          "net",
          "pid",
          "uts"
        ]
      },
      "parameterNotes": {
        "namespaces": "namespaces whose pods are not judged",
        "workloads": "workloads that may, as `name` or `name/container`",
        "kinds": "kinds of namespaces that must not be shared"
      },
      "tests": []
    },
    {
      "id": "containers-read-only-root",
      "title": "Containers cannot change their own root file system",
      "severity": "low",
      "pass": "!containers.workloads.exists(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && (!w.readOnlyRoot))",
      "evidence": "containers.workloads.filter(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && (!w.readOnlyRoot)).map(w, (w.namespace == \"\" ? \"\" : w.namespace + \"/\") + w.name + (w.container == \"\" ? \"\" : \"/\" + w.container) + \": writable root\")",
      "rationale": "An intruder who cannot write has nowhere to put tools, and what runs is what the image holds.",
      "remediation": "Set `readOnlyRootFilesystem: true`, or `--read-only` with Docker, and mount an emptyDir or tmpfs where the program writes.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "5.13"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.4"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1105"
        }
      ],
      "parameters": {
        "namespaces": [
          "kube-system"
        ],
        "workloads": []
      },
      "parameterNotes": {
        "namespaces": "namespaces whose pods are not judged",
        "workloads": "workloads that may, as `name` or `name/container`"
      },
      "tests": []
    },
    {
      "id": "containers-without-dangerous-capabilities",
      "title": "No container has a capability that leads to the host",
      "severity": "high",
      "pass": "!containers.workloads.exists(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && (!w.allCapabilities && !w.userNamespace && w.effective.exists(c, c in params.capabilities)))",
      "evidence": "containers.workloads.filter(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && (!w.allCapabilities && !w.userNamespace && w.effective.exists(c, c in params.capabilities))).map(w, (w.namespace == \"\" ? \"\" : w.namespace + \"/\") + w.name + (w.container == \"\" ? \"\" : \"/\" + w.container) + \": \" + w.effective.filter(c, c in params.capabilities).join(\", \"))",
      "rationale": "With each of these a process in a container can mount, load code into the kernel, read other processes or write where files do not protect themselves. SYS_ADMIN alone is enough to get out.",
      "remediation": "Drop all capabilities and add back what the program fails without: `capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] }`.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "5.4"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {
        "namespaces": [
          "kube-system"
        ],
        "workloads": [],
        "capabilities": [
          "SYS_ADMIN",
          "SYS_MODULE",
          "SYS_PTRACE",
          "SYS_RAWIO",
          "SYS_BOOT",
          "SYS_TIME",
          "DAC_READ_SEARCH",
          "MAC_ADMIN",
          "MAC_OVERRIDE",
          "BPF",
          "PERFMON",
          "SYSLOG",
          "NET_ADMIN",
          "CHECKPOINT_RESTORE"
        ]
      },
      "parameterNotes": {
        "namespaces": "namespaces whose pods are not judged",
        "workloads": "workloads that may, as `name` or `name/container`",
        "capabilities": "capabilities, without CAP_, that lead to the host"
      },
      "tests": []
    },
    {
      "id": "containers-without-engine-sockets",
      "title": "No container can reach the socket of a container engine",
      "severity": "high",
      "pass": "!containers.workloads.exists(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && (w.hostMounts.exists(m, m.kind == \"socket\" || (m.kind in [\"root\", \"run\"] && m.source in [\"/\", \"/run\"]))))",
      "evidence": "containers.workloads.filter(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && (w.hostMounts.exists(m, m.kind == \"socket\" || (m.kind in [\"root\", \"run\"] && m.source in [\"/\", \"/run\"])))).map(w, (w.namespace == \"\" ? \"\" : w.namespace + \"/\") + w.name + (w.container == \"\" ? \"\" : \"/\" + w.container) + \": \" + w.hostMounts.filter(m, m.kind == \"socket\" || (m.kind in [\"root\", \"run\"] && m.source in [\"/\", \"/run\"])).map(m, m.source).join(\", \"))",
      "rationale": "Through the socket a process starts another container with everything of the host in it. A read-only mount does not help: a socket is written to by connecting.",
      "remediation": "Take the mount away. Builds can do without an engine (Buildah, kaniko); proxies that need the list of containers get one that allows only that.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "5.32"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1610"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {
        "namespaces": [
          "kube-system"
        ],
        "workloads": []
      },
      "parameterNotes": {
        "namespaces": "namespaces whose pods are not judged",
        "workloads": "workloads that may, as `name` or `name/container`"
      },
      "tests": []
    },
    {
      "id": "containers-write-no-host-directories",
      "title": "No container can write to directories of the host that matter",
      "severity": "high",
      "pass": "!containers.workloads.exists(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && (w.hostMounts.exists(m, !m.readOnly && m.kind in params.kinds)))",
      "evidence": "containers.workloads.filter(w, w.sandbox == \"none\" && !(w.namespace in params.namespaces || (w.name + (w.container == \"\" ? \"\" : \"/\" + w.container)) in params.workloads) && (w.hostMounts.exists(m, !m.readOnly && m.kind in params.kinds))).map(w, (w.namespace == \"\" ? \"\" : w.namespace + \"/\") + w.name + (w.container == \"\" ? \"\" : \"/\" + w.container) + \": \" + w.hostMounts.filter(m, !m.readOnly && m.kind in params.kinds).map(m, m.source).join(\", \"))",
      "rationale": "Who writes to /etc, /root, /boot or the kubelet's directories of the host decides what runs there as root.",
      "remediation": "Mount read-only (`readOnly: true`, `:ro`), mount the one file that is needed, or use a volume.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "5.6"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.5.5"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1543"
        }
      ],
      "parameters": {
        "namespaces": [
          "kube-system"
        ],
        "workloads": [],
        "kinds": [
          "root",
          "etc",
          "boot",
          "home",
          "kubernetes",
          "runtime",
          "usr",
          "proc",
          "sys",
          "dev",
          "run",
          "var"
        ]
      },
      "parameterNotes": {
        "namespaces": "namespaces whose pods are not judged",
        "workloads": "workloads that may, as `name` or `name/container`",
        "kinds": "kinds of directories of the host that must not be writable"
      },
      "tests": []
    },
    {
      "id": "control-plane-certificates-last",
      "title": "Certificates of the control plane do not run out soon",
      "severity": "medium",
      "applies": "controlPlane.certificates.size() > 0",
      "pass": "controlPlane.certificates.all(c, !(now >= date(c.notAfter) - duration(string(params.days * 24) + \"h\")))",
      "evidence": "controlPlane.certificates.filter(c, now >= date(c.notAfter) - duration(string(params.days * 24) + \"h\")).map(c, c.path + \": \" + c.subject + \" runs out at \" + c.notAfter)",
      "rationale": "kubeadm makes certificates for a year. A cluster that is not upgraded within that year stops by itself.",
      "remediation": "Upgrade the cluster, which renews them, or `kubeadm certs renew all` and restart the static pods. Copies of admin.conf must be replaced, too.",
      "references": [],
      "parameters": {
        "days": 30
      },
      "parameterNotes": {
        "days": "days before the end from which on it fails"
      },
      "tests": []
    },
    {
      "id": "control-plane-certificates-strong",
      "title": "Certificates of the control plane have strong keys and signatures",
      "severity": "medium",
      "applies": "controlPlane.certificates.size() > 0",
      "pass": "controlPlane.certificates.all(c, !(((c.keyType == \"rsa\" || c.keyType == \"rsa-pss\" || c.keyType == \"dsa\") ? c.keyBits < params.rsaBits : c.keyBits > 0 && c.keyBits < params.curveBits) || c.signature.lowerAscii().contains(\"sha1\") || c.signature.lowerAscii().contains(\"md5\")))",
      "evidence": "controlPlane.certificates.filter(c, ((c.keyType == \"rsa\" || c.keyType == \"rsa-pss\" || c.keyType == \"dsa\") ? c.keyBits < params.rsaBits : c.keyBits > 0 && c.keyBits < params.curveBits) || c.signature.lowerAscii().contains(\"sha1\") || c.signature.lowerAscii().contains(\"md5\")).map(c, c.path + \": \" + c.subject + \" has a key of \" + string(c.keyBits) + \" bits (\" + c.keyType + \"), signed with \" + c.signature)",
      "rationale": "Short keys can be computed, and signatures with SHA-1 or MD5 forged: then anybody is the API server, or its administrator.",
      "remediation": "Make the CA and its certificates anew with keys of 2048 bits (RSA) or P-256, signed with SHA-256.",
      "references": [],
      "parameters": {
        "rsaBits": 2048,
        "curveBits": 256
      },
      "parameterNotes": {
        "rsaBits": "least bits of an RSA key",
        "curveBits": "least bits of a key on a curve"
      },
      "tests": []
    },
    {
      "id": "control-plane-certificates-valid",
      "title": "Certificates of the control plane are valid",
      "severity": "high",
      "applies": "controlPlane.certificates.size() > 0",
      "pass": "controlPlane.certificates.all(c, now < date(c.notAfter) && now >= date(c.notBefore))",
      "evidence": "controlPlane.certificates.filter(c, now >= date(c.notAfter) || now < date(c.notBefore)).map(c, c.path + \": \" + c.subject + (now >= date(c.notAfter) ? \" ran out at \" + c.notAfter : \" begins at \" + c.notBefore))",
      "rationale": "A certificate that has run out stops the component that shows it; what is still connected goes on until its next restart.",
      "remediation": "Look at `kubeadm certs check-expiration`, then renew: `kubeadm certs renew all`, and restart the static pods.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "control-plane-configuration-active",
      "title": "Control plane was started after its files last changed",
      "severity": "medium",
      "applies": "controlPlane.apiServers.exists(a, a.running) || controlPlane.controllerManagers.exists(c, c.running) || controlPlane.schedulers.exists(s, s.running) || controlPlane.etcdMembers.exists(e, e.running)",
      "pass": "controlPlane.apiServers.all(a, a.changedFiles.size() == 0) && controlPlane.controllerManagers.all(c, c.changedFiles.size() == 0) && controlPlane.schedulers.all(s, s.changedFiles.size() == 0) && controlPlane.etcdMembers.all(e, e.changedFiles.size() == 0)",
      "evidence": "controlPlane.apiServers.filter(a, a.changedFiles.size() > 0).map(a, a.id + \": started before \" + a.changedFiles.join(\", \") + \" changed\") + controlPlane.controllerManagers.filter(c, c.changedFiles.size() > 0).map(c, c.id + \": started before \" + c.changedFiles.join(\", \") + \" changed\") + controlPlane.schedulers.filter(s, s.changedFiles.size() > 0).map(s, s.id + \": started before \" + s.changedFiles.join(\", \") + \" changed\") + controlPlane.etcdMembers.filter(e, e.changedFiles.size() > 0).map(e, e.id + \": started before \" + e.changedFiles.join(\", \") + \" changed\")",
      "rationale": "Audit policies, encryption and admission configurations are read at start only. What is on disk then looks hardened while the process runs with what was there before.",
      "remediation": "Restart the pods, one node at a time: move the manifest out of its directory until the pod is gone, and back.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "control-plane-declared-once",
      "title": "Each part of the control plane has one manifest",
      "severity": "medium",
      "applies": "controlPlane.apiServers.exists(a, a.manifest != \"\") || controlPlane.controllerManagers.exists(c, c.manifest != \"\") || controlPlane.schedulers.exists(s, s.manifest != \"\")",
      "pass": "controlPlane.apiServers.filter(a, a.manifest != \"\").size() <= 1 && controlPlane.controllerManagers.filter(c, c.manifest != \"\").size() <= 1 && controlPlane.schedulers.filter(s, s.manifest != \"\").size() <= 1",
      "evidence": "(controlPlane.apiServers.filter(a, a.manifest != \"\").size() > 1 ? [\"kube-apiserver: \" + controlPlane.apiServers.filter(a, a.manifest != \"\").map(a, a.manifest).join(\", \")] : []) + (controlPlane.controllerManagers.filter(c, c.manifest != \"\").size() > 1 ? [\"kube-controller-manager: \" + controlPlane.controllerManagers.filter(c, c.manifest != \"\").map(c, c.manifest).join(\", \")] : []) + (controlPlane.schedulers.filter(s, s.manifest != \"\").size() > 1 ? [\"kube-scheduler: \" + controlPlane.schedulers.filter(s, s.manifest != \"\").map(s, s.manifest).join(\", \")] : [])",
      "rationale": "The kubelet starts every file of the directory whose name has no dot in front, whatever it ends in. A backup copy is a second pod of the same name, and which of the two wins changes with each restart.",
      "remediation": "Move copies and backups out of the directory of static pods.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "control-plane-files-mounted",
      "title": "Files that the control plane names are mounted into its pods",
      "severity": "high",
      "applies": "controlPlane.apiServers.exists(a, a.manifest != \"\") || controlPlane.controllerManagers.exists(c, c.manifest != \"\") || controlPlane.schedulers.exists(s, s.manifest != \"\") || controlPlane.etcdMembers.exists(e, e.manifest != \"\")",
      "pass": "controlPlane.apiServers.all(a, a.unmounted.size() == 0) && controlPlane.controllerManagers.all(c, c.unmounted.size() == 0) && controlPlane.schedulers.all(s, s.unmounted.size() == 0) && controlPlane.etcdMembers.all(e, e.unmounted.size() == 0)",
      "evidence": "controlPlane.apiServers.filter(a, a.unmounted.size() > 0).map(a, a.id + \": no volume of the host holds the file of \" + a.unmounted.join(\", \")) + controlPlane.controllerManagers.filter(c, c.unmounted.size() > 0).map(c, c.id + \": no volume of the host holds the file of \" + c.unmounted.join(\", \")) + controlPlane.schedulers.filter(s, s.unmounted.size() > 0).map(s, s.id + \": no volume of the host holds the file of \" + s.unmounted.join(\", \")) + controlPlane.etcdMembers.filter(e, e.unmounted.size() > 0).map(e, e.id + \": no volume of the host holds the file of \" + e.unmounted.join(\", \"))",
      "rationale": "A file that no volume brings into the pod is another one than on the host: a policy that is edited there has no effect, and a log that is written there is gone with the container.",
      "remediation": "Add a hostPath volume and its mount for each of these files to {{ controlPlane.apiServers.filter(a, a.unmounted.size() > 0).map(a, a.manifest) + controlPlane.controllerManagers.filter(c, c.unmounted.size() > 0).map(c, c.manifest) + controlPlane.schedulers.filter(s, s.unmounted.size() > 0).map(s, s.manifest) + controlPlane.etcdMembers.filter(e, e.unmounted.size() > 0).map(e, e.manifest) }}.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "control-plane-manifests-active",
      "title": "Control plane runs as its manifests say",
      "severity": "high",
      "applies": "controlPlane.apiServers.exists(a, a.manifest != \"\" && a.running) || controlPlane.controllerManagers.exists(c, c.manifest != \"\" && c.running) || controlPlane.schedulers.exists(s, s.manifest != \"\" && s.running) || controlPlane.etcdMembers.exists(e, e.manifest != \"\" && e.running)",
      "pass": "controlPlane.apiServers.all(a, !a.manifestDiffers) && controlPlane.controllerManagers.all(c, !c.manifestDiffers) && controlPlane.schedulers.all(s, !s.manifestDiffers) && controlPlane.etcdMembers.all(e, !e.manifestDiffers)",
      "evidence": "controlPlane.apiServers.filter(a, a.manifestDiffers).map(a, a.id + \": runs with other arguments than \" + a.manifest + (a.changedFlags.size() == 0 ? \"\" : \", differing in \" + a.changedFlags.join(\", \"))) + controlPlane.controllerManagers.filter(c, c.manifestDiffers).map(c, c.id + \": runs with other arguments than \" + c.manifest + (c.changedFlags.size() == 0 ? \"\" : \", differing in \" + c.changedFlags.join(\", \"))) + controlPlane.schedulers.filter(s, s.manifestDiffers).map(s, s.id + \": runs with other arguments than \" + s.manifest + (s.changedFlags.size() == 0 ? \"\" : \", differing in \" + s.changedFlags.join(\", \"))) + controlPlane.etcdMembers.filter(e, e.manifestDiffers).map(e, e.id + \": runs with other arguments than \" + e.manifest + (e.changedFlags.size() == 0 ? \"\" : \", differing in \" + e.changedFlags.join(\", \")))",
      "rationale": "A manifest that was edited while the kubelet could not restart the pod (a mistake in it, a file that is missing) protects nothing, and an unedited one says nothing about what runs.",
      "remediation": "See why the pod was not restarted: `crictl ps -a` and `journalctl -u kubelet`, then move the manifest out of the directory and back.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "control-plane-manifests-mode",
      "title": "Static pod manifests are closed to others",
      "severity": "high",
      "applies": "controlPlane.files.exists(f, f.role == \"manifest\" && f.state != \"absent\")",
      "pass": "controlPlane.files.all(f, !(f.role == \"manifest\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "controlPlane.files.filter(f, f.role == \"manifest\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "Who can write a manifest runs what they like as root; who can read it learns every path and flag of the control plane.",
      "remediation": "`chmod {{ params.maxMode }} {{ controlPlane.files.filter(f, f.role == \"manifest\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made, or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ controlPlane.files.filter(f, f.role == \"manifest\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.3"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.3"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.3"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.5"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.5"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.5"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.7"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.7"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.7"
        }
      ],
      "parameters": {
        "maxMode": "0600"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "control-plane-manifests-owner",
      "title": "Static pod manifests belong to root",
      "severity": "high",
      "applies": "controlPlane.files.exists(f, f.role == \"manifest\" && f.state != \"absent\")",
      "pass": "controlPlane.files.all(f, !(f.role == \"manifest\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : f.uid == 0 && f.gid == 0))",
      "evidence": "controlPlane.files.filter(f, f.role == \"manifest\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path + \" belongs to uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "Whoever owns a file can change its mode and its content, whatever the mode says now.",
      "remediation": "`chown root:root {{ controlPlane.files.filter(f, f.role == \"manifest\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}`",
      "fix": [
        {
          "paths": "{{ controlPlane.files.filter(f, f.role == \"manifest\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.4"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.4"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.4"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.6"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.6"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.6"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.8"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.8"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.8"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "controller-manager-kubeconfig-mode",
      "title": "Credential of the controller manager is closed to others",
      "severity": "high",
      "applies": "controlPlane.files.exists(f, f.role == \"controller-manager-kubeconfig\" && f.state != \"absent\")",
      "pass": "controlPlane.files.all(f, !(f.role == \"controller-manager-kubeconfig\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "controlPlane.files.filter(f, f.role == \"controller-manager-kubeconfig\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "The file is a credential: who can read it is the controller manager, which reads every Secret.",
      "remediation": "`chmod {{ params.maxMode }} {{ controlPlane.files.filter(f, f.role == \"controller-manager-kubeconfig\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made, or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ controlPlane.files.filter(f, f.role == \"controller-manager-kubeconfig\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.17"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.17"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.17"
        }
      ],
      "parameters": {
        "maxMode": "0600"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "controller-manager-kubeconfig-owner",
      "title": "Credential of the controller manager belongs to root",
      "severity": "medium",
      "applies": "controlPlane.files.exists(f, f.role == \"controller-manager-kubeconfig\" && f.state != \"absent\")",
      "pass": "controlPlane.files.all(f, !(f.role == \"controller-manager-kubeconfig\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : f.uid == 0 && f.gid == 0))",
      "evidence": "controlPlane.files.filter(f, f.role == \"controller-manager-kubeconfig\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path + \" belongs to uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "Whoever owns a file can change its mode and its content, whatever the mode says now.",
      "remediation": "`chown root:root {{ controlPlane.files.filter(f, f.role == \"controller-manager-kubeconfig\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}`",
      "fix": [
        {
          "paths": "{{ controlPlane.files.filter(f, f.role == \"controller-manager-kubeconfig\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.18"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.18"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.18"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "controller-manager-on-loopback",
      "title": "Controller manager listens on loopback only",
      "severity": "medium",
      "applies": "controlPlane.controllerManagers.size() > 0",
      "pass": "controlPlane.controllerManagers.all(c, c.settings.securePort.value == 0 || c.settings.bindAddress.value == \"localhost\" || addressScope(c.settings.bindAddress.value) == \"loopback\")",
      "evidence": "controlPlane.controllerManagers.filter(c, has(c.settings) && !(c.settings.securePort.value == 0 || c.settings.bindAddress.value == \"localhost\" || addressScope(c.settings.bindAddress.value) == \"loopback\")).map(c, c.id + \": \" + (\"listens on \" + c.settings.bindAddress.value) + \", from \" + c.settings.bindAddress.origin)",
      "rationale": "Its port serves metrics and health, and profiles where they are on. Nobody outside the node needs them; the default is every address.",
      "remediation": "Set `--bind-address=127.0.0.1` in {{ controlPlane.controllerManagers.filter(c, has(c.settings) && !(c.settings.securePort.value == 0 || c.settings.bindAddress.value == \"localhost\" || addressScope(c.settings.bindAddress.value) == \"loopback\")).map(c, c.manifest != \"\" ? c.manifest : c.kind == \"k3s\" ? \"kube-controller-manager-arg in /etc/rancher/k3s/config.yaml\" : c.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-controller-manager\" : c.unit != \"\" ? c.unit : \"the command line of \" + c.id) }}, and let scrapers come through the node. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.3.7"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.3.7"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.3.7"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "controller-manager-pod-gc-threshold-set",
      "title": "Controller manager clears ended pods away",
      "severity": "low",
      "applies": "controlPlane.controllerManagers.size() > 0",
      "pass": "controlPlane.controllerManagers.all(c, c.settings.terminatedPodGcThreshold.value > 0 && c.settings.terminatedPodGcThreshold.value <= params.max)",
      "evidence": "controlPlane.controllerManagers.filter(c, has(c.settings) && !(c.settings.terminatedPodGcThreshold.value > 0 && c.settings.terminatedPodGcThreshold.value <= params.max)).map(c, c.id + \": \" + (c.settings.terminatedPodGcThreshold.value <= 0 ? \"ended pods are never cleared away\" : string(c.settings.terminatedPodGcThreshold.value) + \" ended pods are kept\") + \", from \" + c.settings.terminatedPodGcThreshold.origin)",
      "rationale": "Ended pods stay in etcd until there are so many. A job that runs wild can otherwise fill the store.",
      "remediation": "Set `--terminated-pod-gc-threshold` in {{ controlPlane.controllerManagers.filter(c, has(c.settings) && !(c.settings.terminatedPodGcThreshold.value > 0 && c.settings.terminatedPodGcThreshold.value <= params.max)).map(c, c.manifest != \"\" ? c.manifest : c.kind == \"k3s\" ? \"kube-controller-manager-arg in /etc/rancher/k3s/config.yaml\" : c.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-controller-manager\" : c.unit != \"\" ? c.unit : \"the command line of \" + c.id) }} to a few thousand at most. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.3.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.3.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.3.1"
        }
      ],
      "parameters": {
        "max": 12500
      },
      "parameterNotes": {
        "max": "most ended pods that may be kept"
      },
      "tests": []
    },
    {
      "id": "controller-manager-profiling-disabled",
      "title": "Controller manager does not serve profiles",
      "severity": "low",
      "applies": "controlPlane.controllerManagers.size() > 0",
      "pass": "controlPlane.controllerManagers.all(c, !c.settings.profiling.value)",
      "evidence": "controlPlane.controllerManagers.filter(c, has(c.settings) && !(!c.settings.profiling.value)).map(c, c.id + \": \" + \"profiling is on\" + \", from \" + c.settings.profiling.origin)",
      "rationale": "Profiles show the inside of the process to whoever may ask.",
      "remediation": "Set `--profiling=false` in {{ controlPlane.controllerManagers.filter(c, has(c.settings) && !(!c.settings.profiling.value)).map(c, c.manifest != \"\" ? c.manifest : c.kind == \"k3s\" ? \"kube-controller-manager-arg in /etc/rancher/k3s/config.yaml\" : c.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-controller-manager\" : c.unit != \"\" ? c.unit : \"the command line of \" + c.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.3.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.3.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.3.2"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "controller-manager-root-ca-set",
      "title": "Controller manager gives pods the CA of the API server",
      "severity": "medium",
      "applies": "controlPlane.controllerManagers.size() > 0",
      "pass": "controlPlane.controllerManagers.all(c, c.settings.rootCAFile.value != \"\")",
      "evidence": "controlPlane.controllerManagers.filter(c, has(c.settings) && !(c.settings.rootCAFile.value != \"\")).map(c, c.id + \": \" + \"pods get no CA to verify the API server with\" + \", from \" + c.settings.rootCAFile.origin)",
      "rationale": "Pods that have no CA to verify the API server with take any certificate, and give their token to whoever answers.",
      "remediation": "Set `--root-ca-file` in {{ controlPlane.controllerManagers.filter(c, has(c.settings) && !(c.settings.rootCAFile.value != \"\")).map(c, c.manifest != \"\" ? c.manifest : c.kind == \"k3s\" ? \"kube-controller-manager-arg in /etc/rancher/k3s/config.yaml\" : c.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-controller-manager\" : c.unit != \"\" ? c.unit : \"the command line of \" + c.id) }} to the CA of the API server. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.3.5"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.3.5"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.3.5"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "controller-manager-rotates-kubelet-certificates",
      "title": "Controller manager may renew the serving certificates of kubelets",
      "severity": "medium",
      "applies": "controlPlane.controllerManagers.size() > 0",
      "pass": "controlPlane.controllerManagers.all(c, c.settings.rotateKubeletServerCertificate.value)",
      "evidence": "controlPlane.controllerManagers.filter(c, has(c.settings) && !(c.settings.rotateKubeletServerCertificate.value)).map(c, c.id + \": \" + \"RotateKubeletServerCertificate is off\" + \", from \" + c.settings.rotateKubeletServerCertificate.origin)",
      "rationale": "Without renewal the kubelets’ certificates run out, and then the API server is told not to verify them.",
      "remediation": "Take `RotateKubeletServerCertificate=false` out of `--feature-gates` in {{ controlPlane.controllerManagers.filter(c, has(c.settings) && !(c.settings.rotateKubeletServerCertificate.value)).map(c, c.manifest != \"\" ? c.manifest : c.kind == \"k3s\" ? \"kube-controller-manager-arg in /etc/rancher/k3s/config.yaml\" : c.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-controller-manager\" : c.unit != \"\" ? c.unit : \"the command line of \" + c.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.3.6"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.3.6"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.3.6"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "controller-manager-separate-credentials",
      "title": "Controller manager gives each controller a service account",
      "severity": "medium",
      "applies": "controlPlane.controllerManagers.size() > 0",
      "pass": "controlPlane.controllerManagers.all(c, c.settings.useServiceAccountCredentials.value)",
      "evidence": "controlPlane.controllerManagers.filter(c, has(c.settings) && !(c.settings.useServiceAccountCredentials.value)).map(c, c.id + \": \" + \"all controllers share one credential\" + \", from \" + c.settings.useServiceAccountCredentials.origin)",
      "rationale": "With one credential for all, a flaw in any controller has the rights of all of them, and the audit log does not tell them apart.",
      "remediation": "Set `--use-service-account-credentials=true` in {{ controlPlane.controllerManagers.filter(c, has(c.settings) && !(c.settings.useServiceAccountCredentials.value)).map(c, c.manifest != \"\" ? c.manifest : c.kind == \"k3s\" ? \"kube-controller-manager-arg in /etc/rancher/k3s/config.yaml\" : c.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-controller-manager\" : c.unit != \"\" ? c.unit : \"the command line of \" + c.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.3.3"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.3.3"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.3.3"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "controller-manager-service-account-key-set",
      "title": "Controller manager signs service account tokens with a key of their own",
      "severity": "medium",
      "applies": "controlPlane.controllerManagers.size() > 0",
      "pass": "controlPlane.controllerManagers.all(c, c.settings.serviceAccountPrivateKeyFile.value != \"\")",
      "evidence": "controlPlane.controllerManagers.filter(c, has(c.settings) && !(c.settings.serviceAccountPrivateKeyFile.value != \"\")).map(c, c.id + \": \" + \"no key for service account tokens is named\" + \", from \" + c.settings.serviceAccountPrivateKeyFile.origin)",
      "rationale": "Without the key no token Secret is filled, and people put long-lived credentials into pods instead.",
      "remediation": "Set `--service-account-private-key-file` in {{ controlPlane.controllerManagers.filter(c, has(c.settings) && !(c.settings.serviceAccountPrivateKeyFile.value != \"\")).map(c, c.manifest != \"\" ? c.manifest : c.kind == \"k3s\" ? \"kube-controller-manager-arg in /etc/rancher/k3s/config.yaml\" : c.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-controller-manager\" : c.unit != \"\" ? c.unit : \"the command line of \" + c.id) }} to the key whose public half the API server has. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.3.4"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.3.4"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.3.4"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "core-dump-helper-genuine",
      "title": "The program that the kernel hands dumps to is where only root writes",
      "severity": "high",
      "pass": "sysctl.parameters.exists(p, p.name == \"kernel.core_pattern\" && (!p.live.startsWith(\"|\") || p.live.matches(\"^[|](/usr/(local/)?(s?bin|lib|lib64|libexec|share)|/s?bin|/lib|/lib64|/snap/core[0-9]*/[0-9]+/usr)/[^. ][^ ]*( .*)?$\") && !p.live.contains(\"/../\")))",
      "evidence": "sysctl.parameters.filter(p, p.name == \"kernel.core_pattern\").map(p, \"kernel.core_pattern is \" + p.live)",
      "rationale": "The kernel runs it as root, outside of every container, whenever any process crashes. Pointing it at a file of their own is a known way for intruders to get out of a container and to stay.",
      "remediation": "Find out who set it (`grep -r core_pattern /etc/sysctl.d /run/sysctl.d /usr/lib/sysctl.d`), look at the program, then put the own one back: `sysctl -w kernel.core_pattern=core`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1546"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "core-dumps-limited",
      "title": "Users cannot have memory dumps",
      "severity": "low",
      "applies": "accounts.pamInstalled",
      "pass": "accounts.coreLimits.hardKib == 0 && accounts.coreLimits.looser.size() == 0",
      "evidence": "(accounts.coreLimits.hardKib == 0 ? [] : [\"no hard limit of 0 for `*`\"]) + accounts.coreLimits.looser.map(d, d + \" has a limit of its own\")",
      "rationale": "A dump holds what the program knew: keys, passwords, the data of others. It lies where anybody who gets the file can read it at leisure.",
      "remediation": "Write `* hard core 0` into a file of /etc/security/limits.d, and take out lines that allow more. Services have `LimitCORE=` of their own.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.5.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1003.007"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "cpu-mitigations-on",
      "title": "Mitigations of CPU vulnerabilities are on",
      "severity": "high",
      "pass": "!host.bootParameters.exists(b, ((b.name in params.words) || (b.name == \"mitigations\" && b.value.startsWith(\"off\")) || ((b.name in params.switches) && b.value == \"off\")) && !host.bootParameters.exists(o, o.name == b.name && o.position > b.position))",
      "evidence": "host.bootParameters.filter(b, ((b.name in params.words) || (b.name == \"mitigations\" && b.value.startsWith(\"off\")) || ((b.name in params.switches) && b.value == \"off\")) && !host.bootParameters.exists(o, o.name == b.name && o.position > b.position)).map(b, \"boot parameter \" + b.name + (b.value == \"\" ? \"\" : \"=\" + b.value))",
      "rationale": "Switched off, any process and any container reads the memory of its neighbours and of the kernel through the CPU. On a host that runs other people's code that is the whole isolation.",
      "remediation": "Take it out of GRUB_CMDLINE_LINUX and GRUB_CMDLINE_LINUX_DEFAULT in `/etc/default/grub` (`grubby --update-kernel=ALL --remove-args=…` on Red Hat), run `update-grub` and reboot. Compare `/sys/devices/system/cpu/vulnerabilities` before and after.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1212"
        }
      ],
      "parameters": {
        "words": [
          "nopti",
          "nokpti",
          "nospectre_v1",
          "nospectre_v2",
          "nospec_store_bypass_disable"
        ],
        "switches": [
          "pti",
          "kpti",
          "spectre_v2",
          "spectre_v2_user",
          "spectre_bhi",
          "spec_store_bypass_disable",
          "l1tf",
          "mds",
          "tsx_async_abort",
          "mmio_stale_data",
          "retbleed",
          "srbds",
          "gather_data_sampling",
          "reg_file_data_sampling",
          "spec_rstack_overflow"
        ]
      },
      "parameterNotes": {
        "words": "boot parameters that switch a mitigation off by being there",
        "switches": "boot parameters that switch a mitigation off with `off`"
      },
      "tests": []
    },
    {
      "id": "crash-reports-not-sent",
      "title": "Crashes are not reported to others",
      "severity": "low",
      "pass": "!services.known.exists(s, s.name in [\"apport\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"apport\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "Dumps hold what the program had in memory, passwords too, and leave the host.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"apport\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"apport\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"apport\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.5.5"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1005"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "cron-runs",
      "title": "cron runs where jobs were made for it",
      "severity": "low",
      "applies": "services.known.exists(s, s.name == \"cron\" && s.installed)",
      "pass": "services.known.exists(s, s.name == \"cron\" && s.atBoot && s.running)",
      "evidence": "services.known.filter(s, s.name == \"cron\" && has(s.atBoot) && has(s.running)).map(s, s.atBoot ? \"cron starts at boot, but does not run\" : s.running ? \"cron runs, but does not start at boot\" : \"cron is installed, but off\")",
      "rationale": "Rotation of logs, checks of integrity, renewal of certificates and backups are jobs of cron on many hosts. When it stands still nothing says so.",
      "remediation": "`systemctl enable --now {{ services.units.filter(u, u.service == \"cron\").map(u, u.unit) }}`, or remove the package where timers of systemd do its work.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.4.1.1"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ctrl-alt-del-masked",
      "title": "Ctrl-Alt-Del does not reboot the host",
      "severity": "low",
      "applies": "services.known.exists(s, s.name == \"ctrl-alt-del\" && s.installed)",
      "pass": "services.units.exists(u, u.unit == \"ctrl-alt-del.target\" && u.state == \"masked\")",
      "evidence": "[\"ctrl-alt-del.target is not masked\"]",
      "rationale": "Whoever is at the console of the host, or of its virtual machine, restarts it without a login, and may boot something else.",
      "remediation": "`systemctl mask ctrl-alt-del.target`",
      "fix": [
        {
          "run": [
            "systemctl",
            "mask",
            "ctrl-alt-del.target"
          ],
          "undo": [
            "systemctl",
            "unmask",
            "ctrl-alt-del.target"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1529"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "daemons-are-confined",
      "title": "Daemons do not run as unconfined root",
      "severity": "low",
      "pass": "!containers.daemons.exists(d, d.uid == 0 && d.allCapabilities && d.seccomp == \"none\" && !d.noNewPrivs && d.apparmorMode != \"enforce\" && d.selinux in [\"\", \"unconfined_service_t\", \"unconfined_t\", \"initrc_t\"] && !(d.unit in params.exceptions))",
      "evidence": "containers.daemons.filter(d, d.uid == 0 && d.allCapabilities && d.seccomp == \"none\" && !d.noNewPrivs && d.apparmorMode != \"enforce\" && d.selinux in [\"\", \"unconfined_service_t\", \"unconfined_t\", \"initrc_t\"] && !(d.unit in params.exceptions)).map(d, d.unit + \": \" + d.program + \" has every right of root\")",
      "rationale": "A daemon with a hole gives away whatever it may do. systemd can take away what a service does not need without a change of its program.",
      "remediation": "`systemd-analyze security {{ containers.daemons.filter(d, d.uid == 0 && d.allCapabilities && d.seccomp == \"none\" && !d.noNewPrivs && d.apparmorMode != \"enforce\" && d.selinux in [\"\", \"unconfined_service_t\", \"unconfined_t\", \"initrc_t\"] && !(d.unit in params.exceptions)).map(d, d.unit) }}` shows what can go; `systemctl edit` with `NoNewPrivileges=yes`, `CapabilityBoundingSet=`, `SystemCallFilter=@system-service` and a `User=` takes it away. Services that need all of it go into parameter `exceptions`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1543.002"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {
        "exceptions": [
          "ssh.service",
          "sshd.service",
          "systemd-udevd.service",
          "docker.service",
          "containerd.service",
          "crio.service",
          "kubelet.service",
          "k3s.service",
          "k3s-agent.service",
          "rke2-server.service",
          "rke2-agent.service",
          "cron.service",
          "crond.service",
          "getty@tty1.service",
          "serial-getty@ttyS0.service",
          "gabion-agent.service"
        ]
      },
      "parameterNotes": {
        "exceptions": "units that need all of it"
      },
      "tests": []
    },
    {
      "id": "daemons-have-no-ambient-capabilities-of-root",
      "title": "Daemons of other users keep no capability that makes them root",
      "severity": "medium",
      "pass": "!containers.daemons.exists(d, d.uid != 0 && d.ambient.exists(c, c in params.capabilities))",
      "evidence": "containers.daemons.filter(d, d.uid != 0 && d.ambient.exists(c, c in params.capabilities)).map(d, d.unit + \": \" + d.ambient.filter(c, c in params.capabilities).join(\", \"))",
      "rationale": "Ambient capabilities are handed to every program that the daemon starts. With one of these its user is root by another name.",
      "remediation": "Take them out of `AmbientCapabilities=` of the unit, and give file access by groups instead.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1548"
        }
      ],
      "parameters": {
        "capabilities": [
          "SYS_ADMIN",
          "SYS_MODULE",
          "SYS_PTRACE",
          "SYS_RAWIO",
          "DAC_OVERRIDE",
          "DAC_READ_SEARCH",
          "CHOWN",
          "FOWNER",
          "SETUID",
          "SETFCAP",
          "BPF"
        ]
      },
      "parameterNotes": {
        "capabilities": "capabilities, without CAP_, that lead to root"
      },
      "tests": []
    },
    {
      "id": "data-file-systems-without-devices-and-set-uid",
      "title": "Separate file systems of homes, logs and variable data are mounted with nodev and nosuid",
      "severity": "medium",
      "pass": "files.mounts.all(m, !(m.path in params.paths) || !m.separate || (m.nodev && m.nosuid))",
      "evidence": "files.mounts.filter(m, m.path in params.paths && m.separate && !(m.nodev && m.nosuid)).map(m, m.path + \" is mounted without\" + (m.nodev ? \"\" : \" nodev\") + (m.nosuid ? \"\" : \" nosuid\"))",
      "rationale": "Nothing there needs device files or set-uid programs; what is there all the same came from somebody who should not have made it.",
      "remediation": "Add `nodev`, `nosuid` to the options in /etc/fstab (or the mount unit) and run `mount -o remount,nodev,nosuid {{ files.mounts.filter(m, m.path in params.paths && m.separate && !(m.nodev && m.nosuid)).map(m, m.mountPoint) }}`, one at a time. On the root file system the directory needs a file system of its own first.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.3.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.3.3"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.4.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.4.3"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.6.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.6.3"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.7.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.7.3"
        }
      ],
      "parameters": {
        "paths": [
          "/home",
          "/var",
          "/var/log",
          "/var/log/audit"
        ]
      },
      "parameterNotes": {
        "paths": "directories that are judged"
      },
      "tests": []
    },
    {
      "id": "data-stores-not-on-every-address",
      "title": "Databases and caches do not listen on every address",
      "severity": "high",
      "pass": "!ports.listeners.exists(l, l.scope == \"any\" && l.protocol in [\"tcp\", \"udp\"] && (string(l.port) + \"/\" + l.protocol) in params.services)",
      "evidence": "ports.listeners.filter(l, l.scope == \"any\" && l.protocol in [\"tcp\", \"udp\"] && (string(l.port) + \"/\" + l.protocol) in params.services).map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + (has(l.holders) && l.holders.size() > 0 ? \" by \" + l.holders.map(h, h.process).join(\", \") : \"\"))",
      "rationale": "Redis, memcached, MongoDB and Elasticsearch have been emptied and ransomed by the thousand because they listened everywhere, often without a password. Bind them to the one network that needs them.",
      "remediation": "Set the bind address in the service (`bind 127.0.0.1` for Redis, `bind-address` for MariaDB, `listen_addresses` for PostgreSQL, `network.host` for Elasticsearch) and restart it; allow its clients by address in the firewall.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1190"
        }
      ],
      "parameters": {
        "services": [
          "1433/tcp",
          "1521/tcp",
          "2181/tcp",
          "3306/tcp",
          "5432/tcp",
          "5984/tcp",
          "6379/tcp",
          "7000/tcp",
          "7001/tcp",
          "8086/tcp",
          "9042/tcp",
          "9200/tcp",
          "9300/tcp",
          "11211/tcp",
          "11211/udp",
          "27017/tcp"
        ]
      },
      "parameterNotes": {
        "services": "`port/protocol` of databases and caches"
      },
      "tests": []
    },
    {
      "id": "debug-shell-off",
      "title": "No root shell waits on a terminal",
      "severity": "critical",
      "pass": "!services.known.exists(s, s.name in [\"debug-shell\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"debug-shell\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "debug-shell.service opens a root shell on tty9 without a password for whoever reaches the console.",
      "remediation": "Switch it off: `systemctl disable --now debug-shell.service`. Where it runs without starting at boot, the word `systemd.debug_shell` of the kernel's command line starts it: take it out of `/etc/default/grub` and run `update-grub`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "debug-shell.service"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "debug-shell.service"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1078"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1542"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "debuggers-not-exposed",
      "title": "No debugger port is open to the network",
      "severity": "high",
      "pass": "!ports.listeners.exists(l, l.scope != \"loopback\" && l.protocol == \"tcp\" && l.port in params.ports)",
      "evidence": "ports.listeners.filter(l, l.scope != \"loopback\" && l.protocol == \"tcp\" && l.port in params.ports).map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + (has(l.holders) && l.holders.size() > 0 ? \" by \" + l.holders.map(h, h.process).join(\", \") : \"\"))",
      "rationale": "A debugger runs any code its client sends, without asking who that is: JDWP (5005), the inspector of Node (9229), Delve (2345), gdbserver (1234).",
      "remediation": "Take the debug flag (`--inspect`, `-agentlib:jdwp`, `dlv`) out of the service, or bind it to 127.0.0.1 and forward the port with ssh.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1210"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1059"
        }
      ],
      "parameters": {
        "ports": [
          1234,
          2345,
          5005,
          9229
        ]
      },
      "parameterNotes": {
        "ports": "ports of debuggers"
      },
      "tests": []
    },
    {
      "id": "default-umask-strict",
      "title": "New files are closed to others by default",
      "severity": "low",
      "pass": "accounts.loginDefs.umask != \"\" && modeWithin(params.umask, accounts.loginDefs.umask)",
      "evidence": "[accounts.loginDefs.umask == \"\" ? \"UMASK is not set\" : \"UMASK is \" + accounts.loginDefs.umask]",
      "rationale": "With 022 every file a user writes is readable for every other account, tokens and dumps included.",
      "remediation": "Set `UMASK 027` in /etc/login.defs; pam_umask applies it at login. Shared directories get their group rights by setgid or ACLs.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.4.3.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1552.001"
        }
      ],
      "parameters": {
        "umask": "027"
      },
      "parameterNotes": {
        "umask": "bits that the umask must have, octal"
      },
      "tests": []
    },
    {
      "id": "desktop-drivers-unavailable",
      "title": "Drivers that only desktops need cannot be loaded",
      "severity": "low",
      "applies": "kernelModules.support == \"modular\"",
      "pass": "!kernelModules.modules.exists(x, x.name in params.modules && (x.loaded || x.loadable))",
      "evidence": "kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name + (has(x.loaded) && x.loaded ? \" is loaded\" : x.blacklisted ? \" can be loaded: a blacklist line does not stop modprobe or a dependency\" : \" can be loaded\"))",
      "rationale": "A server has no camera, joystick or speaker. vivid, a driver for tests of video programs, has given local users root.",
      "remediation": "Forbid and unload them:\n\n```sh\nfor module in {{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}; do\n  printf 'install %s /bin/false\\nblacklist %s\\n' \"$module\" \"$module\"\ndone >> /etc/modprobe.d/gabion-desktop-drivers.conf\nmodprobe -r {{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}\n```\n\nWhat this host does need goes out of parameter `modules`.",
      "fix": [
        {
          "file": "/etc/modprobe.d/gabion-desktop-drivers.conf",
          "lines": [
            "install {{ params.modules }} /bin/false",
            "blacklist {{ params.modules }}"
          ]
        },
        {
          "run": [
            "modprobe",
            "-r",
            "{{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.5.1"
        }
      ],
      "parameters": {
        "modules": [
          "joydev",
          "pcspkr",
          "snd_pcsp",
          "uvcvideo",
          "vivid"
        ]
      },
      "parameterNotes": {
        "modules": "modules that must not be loadable"
      },
      "tests": []
    },
    {
      "id": "dhcp-server-off",
      "title": "No DHCP server runs",
      "severity": "low",
      "pass": "!services.known.exists(s, s.name in [\"dhcp\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"dhcp\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "A second one in a network gives its clients a gateway and name servers of its own choice.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"dhcp\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"dhcp\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"dhcp\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1557.003"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "directory-server-off",
      "title": "No LDAP server runs",
      "severity": "low",
      "pass": "!services.known.exists(s, s.name in [\"ldap\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"ldap\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "The list of all users belongs on hosts that have no other job.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"ldap\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"ldap\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"ldap\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.7"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1087"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "dma-buses-unavailable",
      "title": "FireWire and Thunderbolt drivers cannot be loaded",
      "severity": "low",
      "applies": "kernelModules.support == \"modular\"",
      "pass": "!kernelModules.modules.exists(x, x.name in params.modules && (x.loaded || x.loadable))",
      "evidence": "kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name + (has(x.loaded) && x.loaded ? \" is loaded\" : x.blacklisted ? \" can be loaded: a blacklist line does not stop modprobe or a dependency\" : \" can be loaded\"))",
      "rationale": "Devices on these buses read and write the memory of the host by themselves. Whoever can plug one in reads disk keys and unlocks the screen.",
      "remediation": "Forbid and unload them:\n\n```sh\nfor module in {{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}; do\n  printf 'install %s /bin/false\\nblacklist %s\\n' \"$module\" \"$module\"\ndone >> /etc/modprobe.d/gabion-dma-buses.conf\nmodprobe -r {{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}\n```\n\nWhat this host does need goes out of parameter `modules`.",
      "fix": [
        {
          "file": "/etc/modprobe.d/gabion-dma-buses.conf",
          "lines": [
            "install {{ params.modules }} /bin/false",
            "blacklist {{ params.modules }}"
          ]
        },
        {
          "run": [
            "modprobe",
            "-r",
            "{{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1200"
        }
      ],
      "parameters": {
        "modules": [
          "firewire_core",
          "firewire_ohci",
          "thunderbolt"
        ]
      },
      "parameterNotes": {
        "modules": "modules that must not be loadable"
      },
      "tests": []
    },
    {
      "id": "dns-server-off",
      "title": "No name server runs",
      "severity": "low",
      "pass": "!services.known.exists(s, s.name in [\"dns\", \"dnsmasq\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"dns\", \"dnsmasq\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "A resolver that others can reach is used against third parties, and a taken one leads every client astray.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"dns\", \"dnsmasq\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"dns\", \"dnsmasq\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"dns\", \"dnsmasq\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.4"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.5"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1498.002"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "docker-api-not-on-plain-tcp",
      "title": "Docker does not listen on TCP port 2375",
      "severity": "critical",
      "pass": "!ports.listeners.exists(l, l.protocol == \"tcp\" && l.port == 2375)",
      "evidence": "ports.listeners.filter(l, l.protocol == \"tcp\" && l.port == 2375).map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + (has(l.holders) && l.holders.size() > 0 ? \" by \" + l.holders.map(h, h.process).join(\", \") : \"\"))",
      "rationale": "Port 2375 is the Docker API without authentication: whoever reaches it starts a privileged container and is root on the host. On loopback that is every local user and every request forged from a browser or proxy.",
      "remediation": "Take `-H tcp://…:2375` out of the unit (`systemctl edit docker.service`) and the `hosts` key out of `/etc/docker/daemon.json`, then `systemctl daemon-reload` and `systemctl restart docker`. For remote use take `docker context create --docker host=ssh://…` or port 2376 with `tlsverify`.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.7"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1609"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1610"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "docker-api-not-open-to-web-pages",
      "title": "Web pages cannot call the Docker API",
      "severity": "high",
      "applies": "containerRuntime.docker.size() > 0",
      "pass": "containerRuntime.docker.all(d, !d.settings.corsHeaders)",
      "evidence": "containerRuntime.docker.filter(d, !(!d.settings.corsHeaders)).map(d, \"api-cors-header is set\")",
      "rationale": "With CORS headers a page in a browser that reaches the API may read its answers, and so run containers.",
      "remediation": "Take `api-cors-header` out of daemon.json and of the flags; Docker removed the option in version 27.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1610"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "docker-authorization-plugins-used",
      "title": "Who reaches Docker over the network may do only what a plugin allows",
      "severity": "low",
      "applies": "containerRuntime.docker.exists(d, !has(d.settings) || d.settings.hosts.exists(h, h.transport == \"tcp\"))",
      "pass": "containerRuntime.docker.all(d, d.settings.authorizationPlugins.size() > 0)",
      "evidence": "containerRuntime.docker.filter(d, has(d.settings) && !(d.settings.authorizationPlugins.size() > 0)).map(d, d.id + \": no authorization plugin\")",
      "rationale": "A client certificate opens everything: whoever has one is root on the host. A plugin tells apart who may look and who may start containers.",
      "remediation": "Install a plugin, such as opa-docker-authz, name it by `authorization-plugins` in `/etc/docker/daemon.json`, then `systemctl restart {{ containerRuntime.docker.filter(d, d.unit != \"\").map(d, d.unit) }}`. Without clients on the network take the TCP address away instead.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.12"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "docker-bridge-traffic-restricted",
      "title": "Containers of the default bridge cannot reach each other",
      "severity": "medium",
      "applies": "containerRuntime.docker.size() > 0",
      "pass": "containerRuntime.docker.all(d, !d.settings.icc)",
      "evidence": "containerRuntime.docker.filter(d, !(!d.settings.icc)).map(d, \"icc is on\")",
      "rationale": "On the default bridge every container reaches every port of every other, published or not. One that is taken over can then try them all.",
      "remediation": "Set `\"icc\": false` in daemon.json and connect what belongs together by networks of their own (`docker network create`), which this does not touch.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.2"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.3.3"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "docker-cgroup-parent-default",
      "title": "Containers of Docker stay in the control group that Docker makes",
      "severity": "low",
      "applies": "containerRuntime.docker.size() > 0",
      "pass": "containerRuntime.docker.all(d, d.settings.cgroupParent == \"\")",
      "evidence": "containerRuntime.docker.filter(d, has(d.settings) && !(d.settings.cgroupParent == \"\")).map(d, d.id + \": cgroup-parent is set\")",
      "rationale": "Limits of memory and CPU belong to control groups. In a parent that somebody chose, containers may share the limits of other services, or have none.",
      "remediation": "Take `cgroup-parent` out of `/etc/docker/daemon.json` and of the flags, then `systemctl restart {{ containerRuntime.docker.filter(d, d.unit != \"\").map(d, d.unit) }}`. A slice that was made for containers is a reason to waive this.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.10"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "docker-client-configuration-private",
      "title": "Registry credentials of root are readable by root only",
      "severity": "medium",
      "applies": "containerRuntime.files.exists(f, f.role in [\"client-config\"] && f.state != \"absent\")",
      "pass": "containerRuntime.files.all(f, !(f.role in [\"client-config\"]) || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode) && f.uid == 0 && f.gid == 0))",
      "evidence": "containerRuntime.files.filter(f, f.role in [\"client-config\"] && f.state == \"present\" && !(modeWithin(f.mode, params.maxMode) && f.uid == 0 && f.gid == 0)).map(f, f.path + \" has mode \" + f.mode + \", uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "`docker login` keeps the password of a registry in config.json, encoded and not encrypted. With it images can be replaced.",
      "remediation": "`chmod {{ params.maxMode }} {{ containerRuntime.files.filter(f, f.role == \"client-config\" && f.state == \"present\").map(f, f.path) }}`, and use a credential helper.",
      "fix": [
        {
          "paths": "{{ containerRuntime.files.filter(f, f.role == \"client-config\" && f.state == \"present\").map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.2.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1552.001"
        }
      ],
      "parameters": {
        "maxMode": "0600"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "docker-configuration-consistent",
      "title": "Docker starts again with the configuration it has",
      "severity": "high",
      "applies": "containerRuntime.docker.size() > 0",
      "pass": "containerRuntime.docker.all(d, d.settings.conflicts.size() == 0 && d.settings.unknownKeys.size() == 0)",
      "evidence": "containerRuntime.docker.filter(d, d.settings.conflicts.size() > 0).map(d, \"given by flag and in \" + d.configFile + \": \" + d.settings.conflicts.join(\", \")) + containerRuntime.docker.filter(d, d.settings.unknownKeys.size() > 0).map(d, \"not known to Docker, in \" + d.configFile + \": \" + d.settings.unknownKeys.join(\", \"))",
      "rationale": "dockerd refuses to start when a setting stands both on its command line and in daemon.json, and when daemon.json has a key that it does not know. The running engine shows nothing of it until the next restart, and a misspelt key protects nothing meanwhile.",
      "remediation": "Keep each setting in one place: take it out of the unit (`systemctl edit docker.service`) or out of daemon.json. `dockerd --validate --config-file /etc/docker/daemon.json` tells what is wrong without a restart.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "docker-container-logs-kept",
      "title": "What containers write is kept",
      "severity": "medium",
      "applies": "containerRuntime.docker.size() > 0",
      "pass": "containerRuntime.docker.all(d, !(d.settings.logDriver in params.drivers))",
      "evidence": "containerRuntime.docker.filter(d, !(!(d.settings.logDriver in params.drivers))).map(d, \"log driver \" + d.settings.logDriver)",
      "rationale": "With log driver `none` nothing of a container's output can be read afterwards, also not after an incident.",
      "remediation": "Set `log-driver` in daemon.json, such as `journald`, or `local` with `max-size`; send the logs off the host.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.13"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562"
        }
      ],
      "parameters": {
        "drivers": [
          "none"
        ]
      },
      "parameterNotes": {
        "drivers": "log drivers that keep nothing"
      },
      "tests": []
    },
    {
      "id": "docker-default-ulimits-set",
      "title": "Docker limits the files and processes of containers by default",
      "severity": "low",
      "applies": "containerRuntime.docker.size() > 0",
      "pass": "containerRuntime.docker.all(d, d.settings.defaultUlimits)",
      "evidence": "containerRuntime.docker.filter(d, has(d.settings) && !(d.settings.defaultUlimits)).map(d, d.id + \": no default limits\")",
      "rationale": "Without limits of its own a container takes those of the engine, which are mostly none: one that opens files or starts processes without end takes them from all the others.",
      "remediation": "Add `\"default-ulimits\": { \"nofile\": { \"Name\": \"nofile\", \"Hard\": 65536, \"Soft\": 32768 } }` to `/etc/docker/daemon.json`, then `systemctl restart {{ containerRuntime.docker.filter(d, d.unit != \"\").map(d, d.unit) }}`.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.8"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "docker-experimental-off",
      "title": "Docker runs without experimental features",
      "severity": "low",
      "applies": "containerRuntime.docker.size() > 0",
      "pass": "containerRuntime.docker.all(d, !d.settings.experimental)",
      "evidence": "containerRuntime.docker.filter(d, !(!d.settings.experimental)).map(d, \"experimental is on\")",
      "rationale": "Experimental interfaces are neither stable nor reviewed as the others are.",
      "remediation": "Take `experimental` out of daemon.json.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.18"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "docker-keeps-containers-over-restarts",
      "title": "Containers go on when Docker restarts",
      "severity": "low",
      "applies": "containerRuntime.docker.size() > 0",
      "pass": "containerRuntime.docker.all(d, d.settings.liveRestore)",
      "evidence": "containerRuntime.docker.filter(d, !(d.settings.liveRestore)).map(d, \"live-restore is off\")",
      "rationale": "With live restore an update of the engine does not stop what it runs, so security updates are not put off.",
      "remediation": "Set `\"live-restore\": true` in daemon.json and reload (`systemctl reload docker`). Swarm mode cannot have it.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.15"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "docker-log-level-fit",
      "title": "Docker logs at level info",
      "severity": "low",
      "applies": "containerRuntime.docker.size() > 0",
      "pass": "containerRuntime.docker.all(d, d.settings.logLevel == \"info\" && !d.settings.debug)",
      "evidence": "containerRuntime.docker.filter(d, !(d.settings.logLevel == \"info\" && !d.settings.debug)).map(d, \"log level \" + d.settings.logLevel + (d.settings.debug ? \", debug on\" : \"\"))",
      "rationale": "Less than info hides who did what to containers; debug writes request bodies into the journal and opens profiling endpoints on the API.",
      "remediation": "Set `\"log-level\": \"info\"` and take `debug` out of daemon.json and out of the flags.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.3"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "docker-manages-packet-filter",
      "title": "Docker may write its packet filter rules",
      "severity": "medium",
      "applies": "containerRuntime.docker.size() > 0",
      "pass": "containerRuntime.docker.all(d, d.settings.iptables)",
      "evidence": "containerRuntime.docker.filter(d, !(d.settings.iptables)).map(d, \"iptables is off\")",
      "rationale": "With `iptables: false` nothing separates container networks from each other, and traffic that should have been isolated is forwarded.",
      "remediation": "Take `iptables` out of daemon.json and put rules of your own into chain DOCKER-USER.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.4"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "docker-metrics-on-loopback",
      "title": "Docker serves its metrics on loopback only",
      "severity": "low",
      "applies": "containerRuntime.docker.size() > 0",
      "pass": "containerRuntime.docker.all(d, d.settings.metricsAddress == \"\" || d.settings.metricsAddress.startsWith(\"127.\") || d.settings.metricsAddress.startsWith(\"localhost:\") || d.settings.metricsAddress.startsWith(\"[::1]:\"))",
      "evidence": "containerRuntime.docker.filter(d, !(d.settings.metricsAddress == \"\" || d.settings.metricsAddress.startsWith(\"127.\") || d.settings.metricsAddress.startsWith(\"localhost:\") || d.settings.metricsAddress.startsWith(\"[::1]:\"))).map(d, \"metrics on \" + d.settings.metricsAddress)",
      "rationale": "The metrics have no authentication and tell of containers, their number and the engine's version.",
      "remediation": "Set `\"metrics-addr\": \"127.0.0.1:9323\"` and let a scraper on the host read it.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "docker-new-privileges-denied-by-default",
      "title": "Containers cannot gain privileges unless they ask to",
      "severity": "medium",
      "applies": "containerRuntime.docker.size() > 0",
      "pass": "containerRuntime.docker.all(d, d.settings.noNewPrivileges)",
      "evidence": "containerRuntime.docker.filter(d, !(d.settings.noNewPrivileges)).map(d, \"no-new-privileges is off\")",
      "rationale": "With it set, set-uid programs and file capabilities inside containers give nothing. Docker leaves it off, so that a forgotten set-uid binary in an image is a way to root inside.",
      "remediation": "Set `\"no-new-privileges\": true` in daemon.json; a container that needs sudo or ping inside can be started with `--security-opt no-new-privileges=false`.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.14"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1548.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "docker-not-outdated",
      "title": "Docker is of a release that still gets fixes",
      "severity": "medium",
      "applies": "containerRuntime.docker.size() > 0",
      "pass": "containerRuntime.docker.all(d, versionAtLeast(d.version, params.minimum))",
      "evidence": "containerRuntime.docker.filter(d, has(d.version) && !versionAtLeast(d.version, params.minimum)).map(d, d.id + \" is Docker \" + d.version + \", older than \" + params.minimum)",
      "rationale": "Ways out of containers are mended in releases that are maintained, and described for everybody else.",
      "remediation": "Upgrade Docker, `apt-get install --only-upgrade docker-ce docker-ce-cli containerd.io` where it comes from Docker's own packages, to {{ params.minimum }} or later. Distributions that mend older releases set parameter `minimum`.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "1.2.2"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {
        "minimum": "28.0"
      },
      "parameterNotes": {
        "minimum": "oldest version that counts as maintained"
      },
      "tests": []
    },
    {
      "id": "docker-ports-not-past-ufw",
      "title": "ufw stands before every port that leads to a container",
      "severity": "high",
      "applies": "firewall.ufw.installed && firewall.ufw.enabled",
      "pass": "!firewall.exposures.exists(e, e.via == \"dnat\" && (e.verdict == \"accepted\" || e.restriction in [\"rate\", \"exceptions\"]) && !((string(e.port) + \"/\" + e.protocol) in params.allowed) && !firewall.ufwRules.exists(r, r.family == e.family && r.action in [\"allow\", \"limit\"] && r.direction in [\"in\", \"routed\"] && r.protocol in [e.protocol, \"any\"] && (r.toPort == \"any\" ? r.toApp == \"\" : r.toPort.split(\",\").exists(p, p.contains(\":\") ? int(p.split(\":\")[0]) <= e.port && int(p.split(\":\")[1]) >= e.port : int(p) == e.port))))",
      "evidence": "firewall.exposures.filter(e, e.via == \"dnat\" && (e.verdict == \"accepted\" || e.restriction in [\"rate\", \"exceptions\"]) && !((string(e.port) + \"/\" + e.protocol) in params.allowed) && !firewall.ufwRules.exists(r, r.family == e.family && r.action in [\"allow\", \"limit\"] && r.direction in [\"in\", \"routed\"] && r.protocol in [e.protocol, \"any\"] && (r.toPort == \"any\" ? r.toApp == \"\" : r.toPort.split(\",\").exists(p, p.contains(\":\") ? int(p.split(\":\")[0]) <= e.port && int(p.split(\":\")[1]) >= e.port : int(p) == e.port)))).map(e, string(e.port) + \"/\" + e.protocol + \" leads to a workload by \" + e.family + \" (\" + e.decidedBy + \"), and no rule of ufw allows it\")",
      "rationale": "Packets to published ports are translated and forwarded before ufw's rules for the host are asked: a database that ufw \"closed\" is open.",
      "remediation": "Publish on loopback (`-p 127.0.0.1:5432:5432`), set `\"ip\": \"127.0.0.1\"` in `/etc/docker/daemon.json`, or filter in chain DOCKER-USER. Ports that are meant to be open go into parameter `allowed`.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.2"
        }
      ],
      "parameters": {
        "allowed": []
      },
      "parameterNotes": {
        "allowed": "`port/protocol` that may pass"
      },
      "tests": []
    },
    {
      "id": "docker-storage-driver-maintained",
      "title": "Docker does not use a storage driver that is no longer maintained",
      "severity": "low",
      "applies": "containerRuntime.docker.size() > 0",
      "pass": "containerRuntime.docker.all(d, !(d.settings.storageDriver in params.drivers))",
      "evidence": "containerRuntime.docker.filter(d, !(!(d.settings.storageDriver in params.drivers))).map(d, \"storage driver \" + d.settings.storageDriver)",
      "rationale": "aufs and devicemapper were removed from Docker; kernels do not carry aufs, and nobody fixes either of them.",
      "remediation": "Export what is needed, set `\"storage-driver\": \"overlay2\"` in daemon.json and restart.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.6"
        }
      ],
      "parameters": {
        "drivers": [
          "aufs",
          "devicemapper"
        ]
      },
      "parameterNotes": {
        "drivers": "storage drivers that nobody maintains"
      },
      "tests": []
    },
    {
      "id": "docker-tcp-api-verifies-clients",
      "title": "Docker is told to serve TCP only to clients with a certificate",
      "severity": "critical",
      "applies": "containerRuntime.docker.exists(d, !d.contained)",
      "pass": "containerRuntime.docker.all(d, d.contained || d.settings.hosts.all(h, h.transport != \"tcp\" || (d.settings.tlsVerify == \"on\" && h.port != 2375)))",
      "evidence": "containerRuntime.docker.filter(d, !d.contained && d.settings.hosts.exists(h, h.transport == \"tcp\" && (d.settings.tlsVerify != \"on\" || h.port == 2375))).map(d, d.configFile + \": \" + d.settings.hosts.filter(h, h.transport == \"tcp\" && (d.settings.tlsVerify != \"on\" || h.port == 2375)).map(h, h.host).join(\", \") + (d.settings.tlsVerify == \"on\" ? \" on the port of plain HTTP\" : \" without tlsverify\"))",
      "rationale": "Who may call the Docker API starts a container with the host's root directory in it and is root. On TCP only certificates keep callers apart: without `tlsverify` everybody who reaches the port is root, and TLS alone merely hides what they do.",
      "remediation": "Take the `tcp://` entry out of `hosts` or of the unit's `-H` flags and use `docker context create --docker host=ssh://…`. Where TCP must stay: port 2376 with `\"tlsverify\": true`, `tlscacert`, `tlscert` and `tlskey`, and a firewall before it.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.7"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1609"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1610"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "docker-user-namespaces-remapped",
      "title": "Root in a Docker container is not root on the host",
      "severity": "medium",
      "applies": "containerRuntime.docker.size() > 0",
      "pass": "containerRuntime.docker.all(d, d.settings.usernsRemap != \"\" || d.settings.rootless)",
      "evidence": "containerRuntime.docker.filter(d, !(d.settings.usernsRemap != \"\" || d.settings.rootless)).map(d, \"userns-remap is not set\")",
      "rationale": "Without user namespaces uid 0 inside is uid 0 outside: any way out of the container is a way to root.",
      "remediation": "Set `\"userns-remap\": \"default\"` in daemon.json; images and volumes are then kept apart from those before. Or run dockerd rootless.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.9"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.1"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "docker-userland-proxy-off",
      "title": "Docker forwards ports in the kernel",
      "severity": "low",
      "applies": "containerRuntime.docker.size() > 0",
      "pass": "containerRuntime.docker.all(d, !d.settings.userlandProxy)",
      "evidence": "containerRuntime.docker.filter(d, !(!d.settings.userlandProxy)).map(d, \"userland-proxy is on\")",
      "rationale": "The userland proxy is one more process per published port that runs as root and hides the client's address from the container. Kernels of today do without it.",
      "remediation": "Set `\"userland-proxy\": false` in daemon.json.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.16"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "enabled-protection-runs",
      "title": "What protects the host and starts at boot also runs",
      "severity": "high",
      "pass": "!services.known.exists(s, s.name in params.services && s.atBoot && !s.running)",
      "evidence": "services.known.filter(s, s.name in params.services && has(s.atBoot) && has(s.running) && s.atBoot && !s.running).map(s, s.name + \" starts at boot, but does not run\")",
      "rationale": "It failed or somebody stopped it. Everybody who looks at the configuration believes that the host is watched.",
      "remediation": "See why: `systemctl status {{ services.units.filter(u, u.service in services.known.filter(s, s.name in params.services && has(s.atBoot) && has(s.running) && s.atBoot && !s.running).map(s, s.name)).map(u, u.unit) }}`, then start it again.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {
        "services": [
          "auditd",
          "fail2ban",
          "falco",
          "firewalld",
          "crowdsec",
          "tetragon",
          "tracee",
          "osquery",
          "wazuh",
          "chrony",
          "rsyslog",
          "usbguard"
        ]
      },
      "parameterNotes": {
        "services": "names of services that protect"
      },
      "tests": []
    },
    {
      "id": "encryption-configuration-mode",
      "title": "Keys that encrypt Secrets are closed to others",
      "severity": "critical",
      "applies": "controlPlane.files.exists(f, f.role == \"encryption-config\" && f.state != \"absent\")",
      "pass": "controlPlane.files.all(f, !(f.role == \"encryption-config\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "controlPlane.files.filter(f, f.role == \"encryption-config\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "The file holds the keys themselves, unless a key management service does.",
      "remediation": "`chmod {{ params.maxMode }} {{ controlPlane.files.filter(f, f.role == \"encryption-config\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made, or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ controlPlane.files.filter(f, f.role == \"encryption-config\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [],
      "parameters": {
        "maxMode": "0600"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "etcd-clients-not-in-clear-text",
      "title": "etcd speaks plain HTTP on loopback at most",
      "severity": "critical",
      "applies": "controlPlane.etcdMembers.size() > 0",
      "pass": "controlPlane.etcdMembers.all(e, e.settings.listenClientURLs.value.all(url, url.startsWith(\"https://\") || url.startsWith(\"unix\") || url.startsWith(\"http://127.\") || url.startsWith(\"http://[::1]\") || url.startsWith(\"http://localhost\")))",
      "evidence": "controlPlane.etcdMembers.filter(e, has(e.settings) && !(e.settings.listenClientURLs.value.all(url, url.startsWith(\"https://\") || url.startsWith(\"unix\") || url.startsWith(\"http://127.\") || url.startsWith(\"http://[::1]\") || url.startsWith(\"http://localhost\")))).map(e, e.id + \": \" + (\"listens in clear text on \" + e.settings.listenClientURLs.value.filter(url, !(url.startsWith(\"https://\") || url.startsWith(\"unix\") || url.startsWith(\"http://127.\") || url.startsWith(\"http://[::1]\") || url.startsWith(\"http://localhost\"))).join(\", \")) + \", from \" + e.settings.listenClientURLs.origin)",
      "rationale": "A certificate protects only the addresses that are named by https. One that is named by http is open to everybody, without certificate and in clear text.",
      "remediation": "Name https or loopback addresses in `--listen-client-urls` of {{ controlPlane.etcdMembers.filter(e, has(e.settings) && !(e.settings.listenClientURLs.value.all(url, url.startsWith(\"https://\") || url.startsWith(\"unix\") || url.startsWith(\"http://127.\") || url.startsWith(\"http://[::1]\") || url.startsWith(\"http://localhost\")))).map(e, e.manifest != \"\" ? e.manifest : e.kind == \"k3s\" ? \"etcd-arg in /etc/rancher/k3s/config.yaml\" : e.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/etcd\" : e.unit != \"\" ? e.unit : \"the command line of \" + e.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "etcd-data-directory-mode",
      "title": "Data of etcd is closed to others",
      "severity": "high",
      "applies": "controlPlane.files.exists(f, f.role == \"etcd-data\" && f.state != \"absent\")",
      "pass": "controlPlane.files.all(f, !(f.role == \"etcd-data\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "controlPlane.files.filter(f, f.role == \"etcd-data\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "The files below hold every object of the cluster, Secrets included, and can be read without etcd.",
      "remediation": "`chmod {{ params.maxMode }} {{ controlPlane.files.filter(f, f.role == \"etcd-data\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made, or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ controlPlane.files.filter(f, f.role == \"etcd-data\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.11"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.11"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.11"
        }
      ],
      "parameters": {
        "maxMode": "0700"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "etcd-data-directory-owner",
      "title": "Data of etcd belongs to the user of etcd",
      "severity": "medium",
      "applies": "controlPlane.files.exists(f, f.role == \"etcd-data\" && f.state != \"absent\")",
      "pass": "controlPlane.files.all(f, !(f.role == \"etcd-data\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : (f.uid == 0 ? params.rootAllowed && f.gid == 0 : controlPlane.etcdMembers.exists(e, e.uid == f.uid) || accounts.users.exists(u, u.name == \"etcd\" && u.uid == f.uid))))",
      "evidence": "controlPlane.files.filter(f, f.role == \"etcd-data\" && f.state == \"present\" && !(f.uid == 0 ? params.rootAllowed && f.gid == 0 : controlPlane.etcdMembers.exists(e, e.uid == f.uid) || accounts.users.exists(u, u.name == \"etcd\" && u.uid == f.uid))).map(f, f.path + \" belongs to uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "Another user who owns the directory can read and replace the data. kubeadm runs etcd as root; the CIS benchmark asks for a user of its own, which the CIS profile sets.",
      "remediation": "Make a user etcd, let etcd run as it (`runAsUser` in the security context of its manifest), then `chown -R etcd:etcd {{ controlPlane.files.filter(f, f.role == \"etcd-data\" && f.state == \"present\" && !(f.uid == 0 ? params.rootAllowed && f.gid == 0 : controlPlane.etcdMembers.exists(e, e.uid == f.uid) || accounts.users.exists(u, u.name == \"etcd\" && u.uid == f.uid))).map(f, f.path) }}`",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.12"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.12"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.12"
        }
      ],
      "parameters": {
        "rootAllowed": true
      },
      "parameterNotes": {
        "rootAllowed": "whether root may own the directory, as where etcd runs as root"
      },
      "tests": []
    },
    {
      "id": "etcd-metrics-not-in-clear-text",
      "title": "etcd serves metrics on loopback or over TLS",
      "severity": "low",
      "applies": "controlPlane.etcdMembers.size() > 0",
      "pass": "controlPlane.etcdMembers.all(e, e.settings.listenMetricsURLs.value.all(url, url.startsWith(\"https://\") || url.startsWith(\"unix\") || url.startsWith(\"http://127.\") || url.startsWith(\"http://[::1]\") || url.startsWith(\"http://localhost\")))",
      "evidence": "controlPlane.etcdMembers.filter(e, has(e.settings) && !(e.settings.listenMetricsURLs.value.all(url, url.startsWith(\"https://\") || url.startsWith(\"unix\") || url.startsWith(\"http://127.\") || url.startsWith(\"http://[::1]\") || url.startsWith(\"http://localhost\")))).map(e, e.id + \": \" + (\"serves metrics in clear text on \" + e.settings.listenMetricsURLs.value.filter(url, !(url.startsWith(\"https://\") || url.startsWith(\"unix\") || url.startsWith(\"http://127.\") || url.startsWith(\"http://[::1]\") || url.startsWith(\"http://localhost\"))).join(\", \")) + \", from \" + e.settings.listenMetricsURLs.origin)",
      "rationale": "Metrics and health need no client certificate on these addresses, and tell the shape and load of the cluster.",
      "remediation": "Name https or loopback addresses in `--listen-metrics-urls` of {{ controlPlane.etcdMembers.filter(e, has(e.settings) && !(e.settings.listenMetricsURLs.value.all(url, url.startsWith(\"https://\") || url.startsWith(\"unix\") || url.startsWith(\"http://127.\") || url.startsWith(\"http://[::1]\") || url.startsWith(\"http://localhost\")))).map(e, e.manifest != \"\" ? e.manifest : e.kind == \"k3s\" ? \"etcd-arg in /etc/rancher/k3s/config.yaml\" : e.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/etcd\" : e.unit != \"\" ? e.unit : \"the command line of \" + e.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "etcd-no-self-made-client-certificates",
      "title": "etcd does not make its own certificate for clients",
      "severity": "high",
      "applies": "controlPlane.etcdMembers.size() > 0",
      "pass": "controlPlane.etcdMembers.all(e, !e.settings.autoTLS.value)",
      "evidence": "controlPlane.etcdMembers.filter(e, has(e.settings) && !(!e.settings.autoTLS.value)).map(e, e.id + \": \" + \"the certificate for clients is self-made\" + \", from \" + e.settings.autoTLS.origin)",
      "rationale": "Nobody can verify a certificate that etcd signs itself, so that clients have to take any.",
      "remediation": "Take `--auto-tls` out of {{ controlPlane.etcdMembers.filter(e, has(e.settings) && !(!e.settings.autoTLS.value)).map(e, e.manifest != \"\" ? e.manifest : e.kind == \"k3s\" ? \"etcd-arg in /etc/rancher/k3s/config.yaml\" : e.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/etcd\" : e.unit != \"\" ? e.unit : \"the command line of \" + e.id) }} and give it a certificate of the etcd CA. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "2.3"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "2.3"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "2.3"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "etcd-no-self-made-peer-certificates",
      "title": "etcd does not make its own certificate for peers",
      "severity": "high",
      "applies": "controlPlane.etcdMembers.size() > 0",
      "pass": "controlPlane.etcdMembers.all(e, !e.settings.peerAutoTLS.value)",
      "evidence": "controlPlane.etcdMembers.filter(e, has(e.settings) && !(!e.settings.peerAutoTLS.value)).map(e, e.id + \": \" + \"the certificate for peers is self-made\" + \", from \" + e.settings.peerAutoTLS.origin)",
      "rationale": "Peers with self-made certificates cannot verify each other.",
      "remediation": "Take `--peer-auto-tls` out of {{ controlPlane.etcdMembers.filter(e, has(e.settings) && !(!e.settings.peerAutoTLS.value)).map(e, e.manifest != \"\" ? e.manifest : e.kind == \"k3s\" ? \"etcd-arg in /etc/rancher/k3s/config.yaml\" : e.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/etcd\" : e.unit != \"\" ? e.unit : \"the command line of \" + e.id) }} and give it a certificate of the etcd CA. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "2.6"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "2.6"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "2.6"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "etcd-not-on-every-address",
      "title": "etcd listens on chosen addresses only",
      "severity": "high",
      "pass": "!ports.listeners.exists(l, l.protocol == \"tcp\" && l.port in params.ports && l.scope == \"any\")",
      "evidence": "ports.listeners.filter(l, l.protocol == \"tcp\" && l.port in params.ports && l.scope == \"any\").map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + (has(l.holders) && l.holders.size() > 0 ? \" by \" + l.holders.map(h, h.process).join(\", \") : \"\"))",
      "rationale": "etcd holds every secret of the cluster. Only API servers and its peers need it, so it has no business on every address of the host; client certificates are then the last line, not the only one.",
      "remediation": "Name addresses in `--listen-client-urls` and `--listen-peer-urls` (kubeadm does: the node address and 127.0.0.1) and firewall 2379 and 2380 to the control plane.",
      "references": [
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1613"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1552"
        }
      ],
      "parameters": {
        "ports": [
          2379,
          2380,
          2381
        ]
      },
      "parameterNotes": {
        "ports": "ports of etcd"
      },
      "tests": []
    },
    {
      "id": "etcd-own-certificate-authority",
      "title": "etcd trusts a CA of its own",
      "severity": "medium",
      "applies": "controlPlane.etcdMembers.size() > 0",
      "pass": "controlPlane.etcdMembers.all(e, e.settings.trustedCAFile.value != \"\" && controlPlane.apiServers.all(a, a.settings.clientCAFile.value != e.settings.trustedCAFile.value))",
      "evidence": "controlPlane.etcdMembers.filter(e, has(e.settings) && (e.settings.trustedCAFile.value == \"\" || controlPlane.apiServers.exists(a, has(a.settings) && a.settings.clientCAFile.value == e.settings.trustedCAFile.value))).map(e, e.id + \": \" + (e.settings.trustedCAFile.value == \"\" ? \"trusts no CA\" : \"trusts \" + e.settings.trustedCAFile.value + \", the CA of all clients of the API server\"))",
      "rationale": "If etcd trusts the CA of the cluster, every certificate that the cluster gives out (to kubelets, to users) opens the data store itself, past all roles.",
      "remediation": "Make a CA that signs certificates of etcd, its peers and its API servers only, and name it by `--trusted-ca-file` in {{ controlPlane.etcdMembers.filter(e, has(e.settings) && (e.settings.trustedCAFile.value == \"\" || controlPlane.apiServers.exists(a, has(a.settings) && a.settings.clientCAFile.value == e.settings.trustedCAFile.value))).map(e, e.manifest != \"\" ? e.manifest : e.kind == \"k3s\" ? \"etcd-arg in /etc/rancher/k3s/config.yaml\" : e.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/etcd\" : e.unit != \"\" ? e.unit : \"the command line of \" + e.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "2.7"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "2.7"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "2.7"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "etcd-peers-use-tls",
      "title": "etcd has a certificate for its peers",
      "severity": "high",
      "applies": "controlPlane.etcdMembers.size() > 0",
      "pass": "controlPlane.etcdMembers.all(e, e.settings.peerCertFile.value != \"\" && e.settings.peerKeyFile.value != \"\")",
      "evidence": "controlPlane.etcdMembers.filter(e, has(e.settings) && !(e.settings.peerCertFile.value != \"\" && e.settings.peerKeyFile.value != \"\")).map(e, e.id + \": \" + \"no certificate and key for peers\" + \", from \" + e.settings.peerCertFile.origin)",
      "rationale": "All data goes between the members of an etcd cluster, too. Without certificates it goes in clear text.",
      "remediation": "Set `--peer-cert-file` and `--peer-key-file` in {{ controlPlane.etcdMembers.filter(e, has(e.settings) && !(e.settings.peerCertFile.value != \"\" && e.settings.peerKeyFile.value != \"\")).map(e, e.manifest != \"\" ? e.manifest : e.kind == \"k3s\" ? \"etcd-arg in /etc/rancher/k3s/config.yaml\" : e.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/etcd\" : e.unit != \"\" ? e.unit : \"the command line of \" + e.id) }}, also on a cluster of one that may grow. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "2.4"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "2.4"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "2.4"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "etcd-profiling-disabled",
      "title": "etcd does not serve profiles",
      "severity": "low",
      "applies": "controlPlane.etcdMembers.size() > 0",
      "pass": "controlPlane.etcdMembers.all(e, !e.settings.enablePprof.value)",
      "evidence": "controlPlane.etcdMembers.filter(e, has(e.settings) && !(!e.settings.enablePprof.value)).map(e, e.id + \": \" + \"profiling is on\" + \", from \" + e.settings.enablePprof.origin)",
      "rationale": "Profiles show the inside of the process, which holds every Secret, to every client.",
      "remediation": "Take `--enable-pprof` out of {{ controlPlane.etcdMembers.filter(e, has(e.settings) && !(!e.settings.enablePprof.value)).map(e, e.manifest != \"\" ? e.manifest : e.kind == \"k3s\" ? \"etcd-arg in /etc/rancher/k3s/config.yaml\" : e.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/etcd\" : e.unit != \"\" ? e.unit : \"the command line of \" + e.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "etcd-requires-client-certificates",
      "title": "etcd lets in clients with a certificate only",
      "severity": "critical",
      "applies": "controlPlane.etcdMembers.size() > 0",
      "pass": "controlPlane.etcdMembers.all(e, e.settings.clientCertAuth.value)",
      "evidence": "controlPlane.etcdMembers.filter(e, has(e.settings) && !(e.settings.clientCertAuth.value)).map(e, e.id + \": \" + \"clients need no certificate\" + \", from \" + e.settings.clientCertAuth.origin)",
      "rationale": "Whoever reaches the port otherwise reads and writes every object of the cluster, past all roles and records.",
      "remediation": "Set `--client-cert-auth=true` and `--trusted-ca-file` in {{ controlPlane.etcdMembers.filter(e, has(e.settings) && !(e.settings.clientCertAuth.value)).map(e, e.manifest != \"\" ? e.manifest : e.kind == \"k3s\" ? \"etcd-arg in /etc/rancher/k3s/config.yaml\" : e.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/etcd\" : e.unit != \"\" ? e.unit : \"the command line of \" + e.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "2.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "2.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "2.2"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "etcd-requires-peer-certificates",
      "title": "etcd lets in peers with a certificate only",
      "severity": "high",
      "applies": "controlPlane.etcdMembers.size() > 0",
      "pass": "controlPlane.etcdMembers.all(e, e.settings.peerClientCertAuth.value)",
      "evidence": "controlPlane.etcdMembers.filter(e, has(e.settings) && !(e.settings.peerClientCertAuth.value)).map(e, e.id + \": \" + \"peers need no certificate\" + \", from \" + e.settings.peerClientCertAuth.origin)",
      "rationale": "Whoever reaches the peer port can otherwise take part in the cluster: get a copy of all data, and have a vote.",
      "remediation": "Set `--peer-client-cert-auth=true` and `--peer-trusted-ca-file` in {{ controlPlane.etcdMembers.filter(e, has(e.settings) && !(e.settings.peerClientCertAuth.value)).map(e, e.manifest != \"\" ? e.manifest : e.kind == \"k3s\" ? \"etcd-arg in /etc/rancher/k3s/config.yaml\" : e.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/etcd\" : e.unit != \"\" ? e.unit : \"the command line of \" + e.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "2.5"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "2.5"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "2.5"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "etcd-serves-tls",
      "title": "etcd has a certificate for clients",
      "severity": "critical",
      "applies": "controlPlane.etcdMembers.size() > 0",
      "pass": "controlPlane.etcdMembers.all(e, e.settings.certFile.value != \"\" && e.settings.keyFile.value != \"\")",
      "evidence": "controlPlane.etcdMembers.filter(e, has(e.settings) && !(e.settings.certFile.value != \"\" && e.settings.keyFile.value != \"\")).map(e, e.id + \": \" + \"no certificate and key for clients\" + \", from \" + e.settings.certFile.origin)",
      "rationale": "etcd holds every Secret of the cluster. Without a certificate it speaks plain HTTP to whoever asks.",
      "remediation": "Set `--cert-file` and `--key-file` in {{ controlPlane.etcdMembers.filter(e, has(e.settings) && !(e.settings.certFile.value != \"\" && e.settings.keyFile.value != \"\")).map(e, e.manifest != \"\" ? e.manifest : e.kind == \"k3s\" ? \"etcd-arg in /etc/rancher/k3s/config.yaml\" : e.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/etcd\" : e.unit != \"\" ? e.unit : \"the command line of \" + e.id) }} and name https addresses in its listen and advertise flags. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "2.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "2.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "2.1"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "expired-passwords-lock-accounts",
      "title": "Accounts are locked some time after their password expired",
      "severity": "low",
      "pass": "!accounts.users.exists(u, u.interactive && u.password.state == \"hash\" && (u.password.inactiveDays < 0 || u.password.inactiveDays > params.days))",
      "evidence": "accounts.users.filter(u, has(u.password) && u.interactive && u.password.state == \"hash\" && (u.password.inactiveDays < 0 || u.password.inactiveDays > params.days)).map(u, u.name + (u.password.inactiveDays < 0 ? \" is never locked after the password expired\" : \" is locked \" + string(u.password.inactiveDays) + \" days after the password expired\"))",
      "rationale": "Whoever has left does not change the password any more. The account should close by itself instead of waiting for somebody who guesses it.",
      "remediation": "`useradd -D -f 45` for new accounts, and for those there are: `for user in {{ accounts.users.filter(u, has(u.password) && u.interactive && u.password.state == \"hash\" && (u.password.inactiveDays < 0 || u.password.inactiveDays > params.days)).map(u, u.name) }}; do chage --inactive 45 \"$user\"; done`",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.4.1.5"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1078.003"
        }
      ],
      "parameters": {
        "days": 45
      },
      "parameterNotes": {
        "days": "most days between expiry and lock"
      },
      "tests": []
    },
    {
      "id": "exposed-listeners-belong-to-services",
      "title": "Every listener on the network belongs to a service or a container",
      "severity": "medium",
      "applies": "host.init == \"systemd\"",
      "pass": "ports.listeners.all(l, !(l.scope in [\"any\", \"specific\"]) || !(l.protocol in [\"tcp\", \"udp\", \"sctp\"]) || !l.holders.exists(h, (h.unit == \"\" || h.unit.startsWith(\"session-\") || h.unit.startsWith(\"user@\")) && h.container == \"\" && h.podUid == \"\"))",
      "evidence": "ports.listeners.filter(l, l.scope in [\"any\", \"specific\"] && l.protocol in [\"tcp\", \"udp\", \"sctp\"] && has(l.holders) && l.holders.exists(h, (h.unit == \"\" || h.unit.startsWith(\"session-\") || h.unit.startsWith(\"user@\")) && h.container == \"\" && h.podUid == \"\")).map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + \" by \" + l.holders.filter(h, (h.unit == \"\" || h.unit.startsWith(\"session-\") || h.unit.startsWith(\"user@\")) && h.container == \"\" && h.podUid == \"\").map(h, h.process + \" of \" + (h.user == \"\" ? \"uid \" + string(h.uid) : h.user) + (h.unit == \"\" ? \", in no unit\" : \", in \" + h.unit)).join(\"; \"))",
      "rationale": "A listener outside of every unit and container was started by hand: a forgotten test server, or somebody's back door. It does not come back after a reboot and nobody watches it.",
      "remediation": "Find out who started it: `ss -lntup` gives the process, `loginctl session-status` its session. Stop it, or give it a systemd unit with its own user.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1133"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1571"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "exposed-ports-allowed",
      "title": "Nothing listens on the network but allowed ports",
      "severity": "medium",
      "pass": "!ports.listeners.exists(l, l.scope in [\"any\", \"specific\"] && l.protocol in [\"tcp\", \"udp\", \"sctp\"] && !((string(l.port) + \"/\" + l.protocol) in params.allowed))",
      "evidence": "ports.listeners.filter(l, l.scope in [\"any\", \"specific\"] && l.protocol in [\"tcp\", \"udp\", \"sctp\"] && !((string(l.port) + \"/\" + l.protocol) in params.allowed)).map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + (has(l.holders) && l.holders.size() > 0 ? \" by \" + l.holders.map(h, h.process).join(\", \") : \"\"))",
      "rationale": "A host should offer what it is there for and nothing else. A firewall may hide the rest today; the day it is off, or a rule is too wide, a port that nobody knew of is the way in.",
      "remediation": "For each port decide: stop the service, bind it to 127.0.0.1, or add it to parameter `allowed` (such as `443/tcp`) because this host is there to serve it. `ss -lntup` shows the processes.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.22"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.5.1"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1133"
        }
      ],
      "parameters": {
        "allowed": [
          "22/tcp",
          "68/udp",
          "546/udp"
        ]
      },
      "parameterNotes": {
        "allowed": "`port/protocol` on which the host may listen"
      },
      "tests": []
    },
    {
      "id": "exposed-ports-not-let-in",
      "title": "The firewall lets the world in to no port but those meant for it",
      "severity": "high",
      "applies": "firewall.exposures.size() > 0",
      "pass": "!firewall.exposures.exists(e, (e.verdict == \"accepted\" || e.restriction in [\"rate\", \"exceptions\"]) && !((string(e.port) + \"/\" + e.protocol) in params.allowed))",
      "evidence": "firewall.exposures.filter(e, (e.verdict == \"accepted\" || e.restriction in [\"rate\", \"exceptions\"]) && !((string(e.port) + \"/\" + e.protocol) in params.allowed)).map(e, string(e.port) + \"/\" + e.protocol + \" on \" + e.address + \" is reached by \" + e.family + \" (\" + e.decidedBy + \")\")",
      "rationale": "A listener may be harmless behind a filter, and a loose rule without a listener. Here both are there: every host on the network gets to the service, translated ports of containers included.",
      "remediation": "Bind the service to loopback or to one address, publish container ports on 127.0.0.1, or let in named sources only. Ports that are meant for everybody go into parameter `allowed`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.2.6"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.4.2.4"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.4.3.4"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.5.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1133"
        }
      ],
      "parameters": {
        "allowed": [
          "22/tcp",
          "80/tcp",
          "443/tcp",
          "68/udp",
          "546/udp"
        ]
      },
      "parameterNotes": {
        "allowed": "`port/protocol` that the world may reach"
      },
      "tests": []
    },
    {
      "id": "exposed-services-not-run-by-root",
      "title": "Services on the network do not run as root",
      "severity": "low",
      "pass": "ports.listeners.all(l, !(l.scope in [\"any\", \"specific\"]) || !l.holders.exists(h, h.uid == 0 && !(h.process in params.allowed)))",
      "evidence": "ports.listeners.filter(l, l.scope in [\"any\", \"specific\"] && has(l.holders) && l.holders.exists(h, h.uid == 0 && !(h.process in params.allowed))).map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + \" by \" + l.holders.filter(h, h.uid == 0 && !(h.process in params.allowed)).map(h, h.process).join(\", \") + \" as root\")",
      "rationale": "A hole in a service that runs as root is root. With a user of its own, or a socket handed over by systemd, it is a foothold that still has to climb.",
      "remediation": "Give the unit `User=` and, for ports below 1024, `AmbientCapabilities=CAP_NET_BIND_SERVICE` or a socket unit. What must be root goes into parameter `allowed`.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.5.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {
        "allowed": [
          "sshd",
          "systemd",
          "systemd-network",
          "kubelet",
          "kube-proxy",
          "containerd",
          "dockerd",
          "docker-proxy",
          "k3s-server",
          "k3s-agent",
          "dhclient",
          "nginx",
          "apache2",
          "httpd",
          "haproxy",
          "master"
        ]
      },
      "parameterNotes": {
        "allowed": "names of processes that may be root"
      },
      "tests": []
    },
    {
      "id": "falco-alerts-leave-it",
      "title": "Falco's alerts go somewhere",
      "severity": "medium",
      "applies": "services.falco.exists(f, f.running)",
      "pass": "services.falco.filter(f, f.running).all(f, f.outputs.exists(o, o in params.outputs))",
      "evidence": "services.falco.filter(f, f.running && has(f.outputs) && !f.outputs.exists(o, o in params.outputs)).map(f, \"on the \" + f.place + \": \" + (f.outputs.size() == 0 ? \"no output\" : \"only \" + f.outputs.join(\", \")))",
      "rationale": "An alert that nobody gets helps nobody. Standard output is the journal of a service and the log of a container, which something has to collect.",
      "remediation": "Switch on an output in {{ services.falco.filter(f, f.configFile != \"\").map(f, f.configFile) }}: `syslog_output`, `file_output` or `http_output` with `enabled: true`, then `systemctl restart falco`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562"
        }
      ],
      "parameters": {
        "outputs": [
          "stdout",
          "syslog",
          "file",
          "program",
          "http",
          "grpc"
        ]
      },
      "parameterNotes": {
        "outputs": "outputs of which one must be on"
      },
      "tests": []
    },
    {
      "id": "falco-has-rules",
      "title": "Falco on the host has rules, and loads all of them",
      "severity": "high",
      "applies": "services.falco.exists(f, f.place == \"host\" && f.running)",
      "pass": "services.falco.filter(f, f.place == \"host\" && f.running).all(f, (f.rules.exists(r, r.state == \"present\") || (services.gaps.exists(g, g.field == \"falco.rules\" && g.effect == \"incomplete\") && unknown(\"rules of \" + f.configFile + \" could not be looked at\"))) && f.priority in params.priorities)",
      "evidence": "services.falco.filter(f, f.place == \"host\" && has(f.rules) && !f.rules.exists(r, r.state == \"present\")).map(f, f.configFile + \": no rules file that it names is there\") + services.falco.filter(f, f.place == \"host\" && has(f.priority) && !(f.priority in params.priorities)).map(f, f.configFile + \": rules below \" + f.priority + \" are not loaded\")",
      "rationale": "Falco passes over rules files that are not there without an error, and leaves out every rule below the minimum priority: most of the rules that come with it are notices and warnings.",
      "remediation": "Bring the rules with `falcoctl artifact install falco-rules`, name their files under `rules_files` in {{ services.falco.filter(f, f.place == \"host\").map(f, f.configFile) }}, and set `priority: debug`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562"
        }
      ],
      "parameters": {
        "priorities": [
          "debug",
          "info",
          "informational",
          "notice"
        ]
      },
      "parameterNotes": {
        "priorities": "minimum priorities at which enough rules are loaded"
      },
      "tests": []
    },
    {
      "id": "falco-sees-system-calls",
      "title": "Falco has a driver that sees system calls",
      "severity": "high",
      "applies": "services.falco.size() > 0",
      "pass": "services.falco.all(f, f.running && (f.driver == \"modern_ebpf\" || f.driver == \"ebpf\" || (f.driver == \"kmod\" && f.moduleLoaded)))",
      "evidence": "services.falco.filter(f, !f.running).map(f, \"on the \" + f.place + \": installed, does not run\") + services.falco.filter(f, f.running && has(f.driver) && f.driver in [\"nodriver\", \"gvisor\", \"replay\"]).map(f, \"on the \" + f.place + \": driver \" + f.driver) + services.falco.filter(f, f.running && has(f.driver) && has(f.moduleLoaded) && f.driver == \"kmod\" && !f.moduleLoaded).map(f, \"on the \" + f.place + \": the kernel module falco is not loaded\")",
      "rationale": "Rules about processes, files and containers match nothing when no driver brings the system calls in. Falco runs then all the same and looks healthy.",
      "remediation": "Set `engine.kind` to `modern_ebpf` in {{ services.falco.filter(f, f.configFile != \"\").map(f, f.configFile) }}, or build the module with `falcoctl driver install`. Then `systemctl restart falco` and look for events dropped in `journalctl -u falco`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "file-capabilities-not-root-equivalent",
      "title": "No program of no package gains capabilities that lead to root",
      "severity": "high",
      "pass": "files.capabilityFiles.all(f, f.path in params.paths || !f.permitted.exists(c, c in params.capabilities) || f.package != \"\")",
      "evidence": "files.capabilityFiles.filter(f, !(f.path in params.paths) && f.permitted.exists(c, c in params.capabilities) && has(f.package) && f.package == \"\").map(f, f.path + \" gains \" + f.permitted.join(\", \"))",
      "rationale": "Whoever runs it may read or write any file, or become any user: set-uid root under another name, which a search for set-uid files does not find.",
      "remediation": "`setcap -r {{ files.capabilityFiles.filter(f, !(f.path in params.paths) && f.permitted.exists(c, c in params.capabilities) && has(f.package) && f.package == \"\").map(f, f.path) }}`, one at a time, unless it is meant to be; then name it in parameter `paths`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1548.001"
        }
      ],
      "parameters": {
        "paths": [],
        "capabilities": [
          "cap_sys_admin",
          "cap_dac_override",
          "cap_dac_read_search",
          "cap_setuid",
          "cap_setgid",
          "cap_setfcap",
          "cap_setpcap",
          "cap_chown",
          "cap_fowner",
          "cap_sys_ptrace",
          "cap_sys_module",
          "cap_sys_rawio",
          "cap_bpf",
          "cap_mknod"
        ]
      },
      "parameterNotes": {
        "paths": "files that are meant to have capabilities",
        "capabilities": "capabilities that lead to root"
      },
      "tests": []
    },
    {
      "id": "file-integrity-checked",
      "title": "Changes of system files are looked for every day",
      "severity": "low",
      "pass": "services.known.exists(s, s.name in params.services && s.atBoot)",
      "evidence": "services.known.filter(s, s.name in params.services && has(s.installed) && s.installed).map(s, s.name + \" is installed, but nothing starts it\") + [\"none of \" + params.services.join(\", \") + \" starts at boot\"]",
      "rationale": "A program that was swapped looks and works as before. Only a comparison with what was once installed shows it.",
      "remediation": "`apt install aide && aideinit && systemctl enable --now dailyaidecheck.timer`; keep the database where an intruder cannot write.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.3.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.3.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1554"
        }
      ],
      "parameters": {
        "services": [
          "aide",
          "wazuh",
          "osquery"
        ]
      },
      "parameterNotes": {
        "services": "names of services of which one must start at boot"
      },
      "tests": []
    },
    {
      "id": "file-sharing-not-exposed",
      "title": "File sharing is not open to the network",
      "severity": "medium",
      "pass": "!ports.listeners.exists(l, l.scope != \"loopback\" && l.protocol in [\"tcp\", \"udp\"] && (string(l.port) + \"/\" + l.protocol) in params.services)",
      "evidence": "ports.listeners.filter(l, l.scope != \"loopback\" && l.protocol in [\"tcp\", \"udp\"] && (string(l.port) + \"/\" + l.protocol) in params.services).map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + (has(l.holders) && l.holders.size() > 0 ? \" by \" + l.holders.map(h, h.process).join(\", \") : \"\"))",
      "rationale": "SMB, NFS and rsync daemons serve whole trees and their access rules are easy to get wrong. Hosts that are not file servers need none of them.",
      "remediation": "Stop and disable the service (`systemctl disable --now smbd nfs-server rsync`). On a file server narrow it to its clients by firewall and exports, and empty parameter `services`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.9"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.13"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.14"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1021.002"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1039"
        }
      ],
      "parameters": {
        "services": [
          "137/udp",
          "138/udp",
          "139/tcp",
          "445/tcp",
          "548/tcp",
          "873/tcp",
          "2049/tcp",
          "2049/udp"
        ]
      },
      "parameterNotes": {
        "services": "`port/protocol` of file sharing"
      },
      "tests": []
    },
    {
      "id": "files-in-shared-directories-protected",
      "title": "Files and pipes that others made in shared directories are not opened for writing",
      "severity": "medium",
      "pass": "!sysctl.parameters.exists(p, p.name in [\"fs.protected_fifos\", \"fs.protected_regular\"] && (!p.supported || (p.name == \"fs.protected_fifos\" && int(p.live) < params.minimum) || (p.name == \"fs.protected_regular\" && int(p.live) < params.minimum)))",
      "evidence": "sysctl.parameters.filter(p, has(p.live) && p.name in [\"fs.protected_fifos\", \"fs.protected_regular\"] && (!p.supported || (p.name == \"fs.protected_fifos\" && int(p.live) < params.minimum) || (p.name == \"fs.protected_regular\" && int(p.live) < params.minimum))).map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "A program that means to create a file in /tmp otherwise writes into one that an attacker has put there first, and can read.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'fs.protected_fifos = 2' 'fs.protected_regular = 2' > /etc/sysctl.d/60-gabion-shared-files.conf\nsysctl --system\n```",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-shared-files.conf",
          "lines": [
            "fs.protected_fifos = 2",
            "fs.protected_regular = 2"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-shared-files.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1574"
        }
      ],
      "parameters": {
        "minimum": 1
      },
      "parameterNotes": {
        "minimum": "least value of both parameters"
      },
      "tests": []
    },
    {
      "id": "firewall-filters-input",
      "title": "A firewall filters what comes in",
      "severity": "high",
      "pass": "firewall.live.filtersInput",
      "evidence": "[\"no rule and no policy in the kernel drops or rejects incoming traffic\" + (firewall.live.source == \"none\" ? \", there is no rule set at all\" : \" (read with \" + firewall.live.source + \")\")]",
      "rationale": "Without a filter every service that listens is reachable, the one that somebody starts tomorrow included.",
      "remediation": "On Debian and Ubuntu: `ufw allow from ADMIN-NETWORK to any port 22 proto tcp`, then `ufw enable`. On Red Hat and SUSE: `systemctl enable --now firewalld`. Keep a second session open until you have logged in anew.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.2.3"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.2.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.3.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.3.4"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.3.5"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.3.9"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.4.1.1"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.5.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1133"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "firewalld-default-zone-restrictive",
      "title": "The default zone of firewalld does not let everything in",
      "severity": "high",
      "applies": "firewall.firewalld.installed && firewall.firewalld.enabledAtBoot",
      "pass": "!(firewall.firewalld.defaultZone in params.openZones)",
      "evidence": "[\"the default zone is \" + firewall.firewalld.defaultZone]",
      "rationale": "Every interface that nobody assigned falls into the default zone. The zone trusted accepts everything.",
      "remediation": "`firewall-cmd --set-default-zone=public`. See with `firewall-cmd --list-all` that ssh is among its services.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.004"
        }
      ],
      "parameters": {
        "openZones": [
          "trusted"
        ]
      },
      "parameterNotes": {
        "openZones": "zones that let everything in"
      },
      "tests": []
    },
    {
      "id": "ftp-server-off",
      "title": "No FTP server runs",
      "severity": "high",
      "pass": "!services.known.exists(s, s.name in [\"ftp\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"ftp\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "Passwords and files go over the network in the clear. sftp comes with the ssh server.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"ftp\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"ftp\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"ftp\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.6"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1040"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "graphical-login-off",
      "title": "No graphical login starts",
      "severity": "low",
      "pass": "!services.known.exists(s, s.name in [\"display-manager\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"display-manager\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "A desktop brings hundreds of programs and a protocol in which every window reads the keys of the others.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"display-manager\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"display-manager\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"display-manager\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.20"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.7.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1056.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "group-ids-unique",
      "title": "No two groups share a gid",
      "severity": "low",
      "pass": "duplicates(accounts.groups.map(g, g.gid)).size() == 0",
      "evidence": "duplicates(accounts.groups.map(g, g.gid)).map(d, \"gid \" + string(d) + \": \" + accounts.groups.filter(g, g.gid == d).map(g, g.name).join(\", \"))",
      "rationale": "Members of one group have the files of the other, and nobody sees it in the list of members.",
      "remediation": "`groupmod --gid NEW NAME`, then hand over what it owned: `find / -xdev -gid OLD` lists it.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.2.6"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "group-names-unique",
      "title": "Every group name stands once in /etc/group",
      "severity": "low",
      "pass": "duplicates(accounts.groups.map(g, g.name)).size() == 0 && !accounts.groups.exists(g, g.entries > 1)",
      "evidence": "duplicates(accounts.groups.map(g, g.name)).map(d, \"group \" + d + \" stands in /etc/group with gids \" + accounts.groups.filter(g, g.name == d).map(g, string(g.gid)).join(\", \")) + accounts.groups.filter(g, g.entries > 1).map(g, \"group \" + g.name + \" stands in /etc/group \" + string(g.entries) + \" times\")",
      "rationale": "Which entry counts depends on the program that asks, so membership is not what the file says.",
      "remediation": "Open `vigr` and leave one line for each name; `grpck -r` shows the doubles.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.2.8"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "hardened-parameters-persisted",
      "title": "Parameters that protect do not rest on the defaults of a kernel",
      "severity": "low",
      "pass": "!sysctl.parameters.exists(p, p.name in params.names && p.persisted == \"\")",
      "evidence": "sysctl.parameters.filter(p, p.name in params.names && has(p.persisted) && p.persisted == \"\").map(p, \"no file sets \" + p.name)",
      "rationale": "Defaults belong to how a kernel was built. The next one, of another distribution or of a cloud, has others, and a value that was set by hand is gone after a reboot.",
      "remediation": "Write the values that are meant into one file in `/etc/sysctl.d` and roll it out to all hosts.",
      "references": [],
      "parameters": {
        "names": [
          "kernel.kptr_restrict",
          "kernel.dmesg_restrict",
          "kernel.unprivileged_bpf_disabled",
          "kernel.yama.ptrace_scope",
          "kernel.randomize_va_space",
          "fs.protected_hardlinks",
          "fs.protected_symlinks",
          "fs.suid_dumpable",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.conf.all.accept_redirects",
          "net.ipv4.conf.all.rp_filter"
        ]
      },
      "parameterNotes": {
        "names": "parameters that must stand in a file"
      },
      "tests": []
    },
    {
      "id": "home-directories-exist",
      "title": "Everybody who can log in has a home directory",
      "severity": "low",
      "pass": "!accounts.users.exists(u, u.interactive && u.homeState != \"present\")",
      "evidence": "accounts.users.filter(u, has(u.homeState) && u.interactive && u.homeState != \"present\").map(u, u.home + \" of \" + u.name + (u.homeState == \"absent\" ? \" does not exist\" : \" is not a directory\"))",
      "rationale": "Without a home the login ends up in / and whoever may create the directory first decides what its start files do.",
      "remediation": "`for user in {{ accounts.users.filter(u, has(u.homeState) && u.interactive && u.homeState == \"absent\").map(u, u.name) }}; do mkhomedir_helper \"$user\"; done` makes them from /etc/skel; where nobody logs in, `usermod --shell /usr/sbin/nologin USER`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.2.9"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "home-directories-owned-by-user",
      "title": "Home directories belong to their users",
      "severity": "medium",
      "pass": "!accounts.users.exists(u, u.interactive && u.homeState == \"present\" && u.home != \"/\" && u.homeUid != u.uid)",
      "evidence": "accounts.users.filter(u, has(u.homeState) && has(u.homeUid) && u.interactive && u.homeState == \"present\" && u.home != \"/\" && u.homeUid != u.uid).map(u, u.home + \" of \" + u.name + \" belongs to uid \" + string(u.homeUid))",
      "rationale": "Who owns the home writes the shell's start files and the authorized keys in it, and so logs in as the user. Mostly it is what is left of a deleted account.",
      "remediation": "Look whose files they are, then `chown USER:GROUP HOME` for {{ accounts.users.filter(u, has(u.homeState) && has(u.homeUid) && u.interactive && u.homeState == \"present\" && u.homeUid != u.uid).map(u, u.home) }}.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.2.9"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1098.004"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "home-directories-private",
      "title": "Home directories are closed to other users",
      "severity": "medium",
      "pass": "!accounts.users.exists(u, u.interactive && u.homeState == \"present\" && u.home != \"/\" && !modeWithin(u.homeMode, params.maxMode))",
      "evidence": "accounts.users.filter(u, has(u.homeState) && has(u.homeMode) && u.interactive && u.homeState == \"present\" && u.home != \"/\" && !modeWithin(u.homeMode, params.maxMode)).map(u, u.home + \" of \" + u.name + \" has mode \" + u.homeMode)",
      "rationale": "Homes hold keys, tokens, histories and half-finished things with passwords in them. Other accounts, and whoever gets into one, need not read them.",
      "remediation": "`chmod {{ params.maxMode }} {{ accounts.users.filter(u, has(u.homeState) && has(u.homeMode) && u.interactive && u.homeState == \"present\" && u.home != \"/\" && !modeWithin(u.homeMode, params.maxMode)).map(u, u.home) }}`. Set `HOME_MODE 0700` in /etc/login.defs for new ones.",
      "fix": [
        {
          "paths": "{{ accounts.users.filter(u, has(u.homeState) && has(u.homeMode) && u.interactive && u.homeState == \"present\" && u.home != \"/\" && !modeWithin(u.homeMode, params.maxMode)).map(u, u.home) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.2.9"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1552.001"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1083"
        }
      ],
      "parameters": {
        "maxMode": "0750"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "image-filesystems-unavailable",
      "title": "squashfs and UDF cannot be loaded",
      "severity": "low",
      "applies": "kernelModules.support == \"modular\"",
      "pass": "!kernelModules.modules.exists(x, x.name in params.modules && (x.loaded || x.loadable))",
      "evidence": "kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name + (has(x.loaded) && x.loaded ? \" is loaded\" : x.blacklisted ? \" can be loaded: a blacklist line does not stop modprobe or a dependency\" : \" can be loaded\"))",
      "rationale": "Both are read from images that users bring along. Servers without snaps, AppImages or optical disks do not need them.",
      "remediation": "Forbid and unload them:\n\n```sh\nfor module in {{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}; do\n  printf 'install %s /bin/false\\nblacklist %s\\n' \"$module\" \"$module\"\ndone >> /etc/modprobe.d/gabion-image-file-systems.conf\nmodprobe -r {{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}\n```\n\nsnapd needs squashfs, and Azure reads its provisioning disk through udf: take them out of parameter `modules` there.",
      "fix": [
        {
          "file": "/etc/modprobe.d/gabion-image-file-systems.conf",
          "lines": [
            "install {{ params.modules }} /bin/false",
            "blacklist {{ params.modules }}"
          ]
        },
        {
          "run": [
            "modprobe",
            "-r",
            "{{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.1.7"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.1.8"
        }
      ],
      "parameters": {
        "modules": [
          "squashfs",
          "udf"
        ]
      },
      "parameterNotes": {
        "modules": "modules that must not be loadable"
      },
      "tests": []
    },
    {
      "id": "image-policy-webhook-fails-closed",
      "title": "Images are refused when their judge does not answer",
      "severity": "medium",
      "applies": "controlPlane.apiServers.exists(a, !has(a.admission) || a.admission.plugins.exists(plugin, plugin == \"ImagePolicyWebhook\"))",
      "pass": "controlPlane.apiServers.all(a, !a.admission.imagePolicyFailsOpen)",
      "evidence": "controlPlane.apiServers.filter(a, has(a.admission) && !(!a.admission.imagePolicyFailsOpen)).map(a, a.id + \": \" + \"images are let in when the webhook does not answer\")",
      "rationale": "Whoever can keep the webhook from answering otherwise decides that every image may run.",
      "remediation": "Set `defaultAllow: false` in the configuration of ImagePolicyWebhook that {{ controlPlane.apiServers.filter(a, has(a.admission) && !(!a.admission.imagePolicyFailsOpen)).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }} leads to, and run the webhook more than once. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "incoming-traffic-denied-by-default",
      "title": "Incoming IPv4 traffic that no rule allows is dropped",
      "severity": "high",
      "applies": "firewall.live.filtersInput",
      "pass": "firewall.live.inputIpv4 in [\"drop\", \"reject\"]",
      "evidence": "[\"an unmatched incoming IPv4 packet is accepted\"]",
      "rationale": "A list of what is forbidden forgets something; a list of what is allowed fails on the safe side.",
      "remediation": "ufw: `ufw default deny incoming`. firewalld: take a default zone whose target is not ACCEPT, `firewall-cmd --set-default-zone=public`. nftables: `policy drop;` in the input chain of `/etc/nftables.conf`. Allow ssh first.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.2.7"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.3.8"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.4.2.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1133"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "inetd-off",
      "title": "No inetd starts programs for whoever connects",
      "severity": "high",
      "pass": "!services.known.exists(s, s.name in [\"inetd\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"inetd\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "What is listed there starts as root for every connection, mostly services that nobody remembers.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"inetd\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"inetd\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"inetd\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.19"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1133"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "io-uring-restricted",
      "title": "io_uring is not open to every user",
      "severity": "low",
      "applies": "sysctl.parameters.exists(p, p.name == \"kernel.io_uring_disabled\" && p.supported)",
      "pass": "sysctl.parameters.exists(p, p.name == \"kernel.io_uring_disabled\" && p.supported && int(p.live) >= 1)",
      "evidence": "sysctl.parameters.filter(p, p.name == \"kernel.io_uring_disabled\").map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "io_uring is young, has had many holes, and does work that system call filters and auditing do not see.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'kernel.io_uring_disabled = 1' > /etc/sysctl.d/60-gabion-io-uring.conf\nsysctl --system\n```\n\n1 leaves it to the group of kernel.io_uring_group, 2 to nobody. Databases and proxies may use it.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ip-forwarding-off",
      "title": "This host is no router",
      "severity": "medium",
      "applies": "host.containerRuntimes.size() == 0 && host.kubernetesRoles.size() == 0",
      "pass": "!sysctl.interfaces.exists(i, i.ipv4.forwards || i.ipv6.forwards)",
      "evidence": "sysctl.interfaces.filter(i, has(i.ipv4) && has(i.ipv6) && (i.ipv4.forwards || i.ipv6.forwards)).map(i, (i.name == \"default\" ? \"each new interface\" : i.name) + \" forwards packets\")",
      "rationale": "A host with two networks that forwards joins them behind the back of the firewall between them.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'net.ipv4.ip_forward = 0' 'net.ipv6.conf.all.forwarding = 0' > /etc/sysctl.d/60-gabion-forwarding.conf\nsysctl --system\n```\n\nRouters, VPN gateways and hosts of virtual machines do not take this check.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "3.3.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1090"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "iptables-legacy-not-mixed-with-nft",
      "title": "Rules are in nft or in legacy iptables, not in both",
      "severity": "medium",
      "pass": "!(firewall.chains.exists(c, c.source == \"iptables-legacy\" && c.rules != 0) && firewall.chains.exists(c, c.source != \"iptables-legacy\" && c.rules != 0))",
      "evidence": "firewall.chains.filter(c, c.source == \"iptables-legacy\" && c.rules != 0).map(c, \"legacy chain \" + c.table + \" \" + c.chain + \" has \" + (c.rules < 0 ? \"changing\" : string(c.rules)) + \" rules beside those of nft\")",
      "rationale": "A packet passes both rule sets, and each tool shows only its own. What one of them accepts the other may drop, and nobody sees why.",
      "remediation": "Choose one with `update-alternatives --config iptables`, flush the other (`iptables-legacy-save` first, then `iptables-legacy -F`), and restart what wrote into it: Docker, kube-proxy, the network plugin.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.1.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.3.3"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ipv6-filtered-like-ipv4",
      "title": "IPv6 is filtered as strictly as IPv4",
      "severity": "high",
      "applies": "firewall.live.inputIpv4 in [\"drop\", \"reject\"] && ports.listeners.exists(l, l.family == \"ipv6\" && l.scope in [\"any\", \"specific\"])",
      "pass": "firewall.live.inputIpv6 in [\"drop\", \"reject\"]",
      "evidence": "[\"an unmatched incoming IPv6 packet is accepted, IPv4 is not\"] + ports.listeners.filter(l, l.family == \"ipv6\" && l.scope in [\"any\", \"specific\"]).map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + (has(l.holders) && l.holders.size() > 0 ? \" by \" + l.holders.map(h, h.process).join(\", \") : \"\"))",
      "rationale": "The host closes IPv4 and forgets IPv6. Services bound to :: are then open to every neighbour with a link-local address, and to the world where IPv6 is routed.",
      "remediation": "ufw: `IPV6=yes` in `/etc/default/ufw` and `ufw reload`. nftables: use the inet family instead of ip. Plain iptables: give ip6tables the same rules. If IPv6 is not wanted, switch it off with `net.ipv6.conf.all.disable_ipv6 = 1`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.4.3.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1133"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "journal-compressed",
      "title": "Large entries of the journal are compressed",
      "severity": "low",
      "applies": "services.known.exists(s, s.name == \"journald\" && s.installed)",
      "pass": "services.journald.compress",
      "evidence": "[\"Compress=no\"]",
      "rationale": "The journal drops its oldest entries when its space is used up. Compressed it reaches further back.",
      "remediation": "Take `Compress=no` out of journald.conf and its drop-ins, then `systemctl restart systemd-journald`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.1.2.3"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "journal-reaches-syslog",
      "title": "rsyslog gets what the journal gets",
      "severity": "low",
      "applies": "services.known.exists(s, s.name in [\"rsyslog\", \"syslog-ng\"] && s.atBoot) && services.known.exists(s, s.name == \"journald\" && s.atBoot)",
      "pass": "services.journald.forwardToSyslog != \"no\"",
      "evidence": "[\"ForwardToSyslog=no\"]",
      "rationale": "Log files and what rsyslog sends to another host otherwise lack everything that services print.",
      "remediation": "Set `ForwardToSyslog=yes` in a file of `/etc/systemd/journald.conf.d`, or switch rsyslog off. Where rsyslog reads the journal itself (imjournal) this is waived.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.1.3.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.006"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kernel-addresses-hidden",
      "title": "Addresses of the kernel are hidden from users",
      "severity": "medium",
      "pass": "sysctl.parameters.exists(p, p.name == \"kernel.kptr_restrict\" && p.supported && int(p.live) >= 1)",
      "evidence": "sysctl.parameters.filter(p, p.name == \"kernel.kptr_restrict\").map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "An exploit of the kernel must know where the kernel is. /proc/kallsyms and other files tell everybody while this is 0.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'kernel.kptr_restrict = 2' > /etc/sysctl.d/60-gabion-kernel-addresses.conf\nsysctl --system\n```",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-kernel-addresses.conf",
          "lines": [
            "kernel.kptr_restrict = 2"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-kernel-addresses.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kernel-locked-down",
      "title": "The kernel is locked down against its own root",
      "severity": "low",
      "applies": "host.lockdown != \"unsupported\"",
      "pass": "host.lockdown in params.modes",
      "evidence": "[\"lockdown is \" + host.lockdown]",
      "rationale": "Lockdown keeps even root from writing kernel memory, loading unsigned modules or starting another kernel. It is what makes Secure Boot hold after boot.",
      "remediation": "Boot with `lockdown=integrity` (or enable Secure Boot, which sets it on most distributions). Unsigned drivers, hibernation and some debuggers stop working: try it on one host first.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1547.006"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1014"
        }
      ],
      "parameters": {
        "modes": [
          "integrity",
          "confidentiality"
        ]
      },
      "parameterNotes": {
        "modes": "modes of lockdown that suffice"
      },
      "tests": []
    },
    {
      "id": "kernel-log-restricted",
      "title": "The kernel log is for root only",
      "severity": "low",
      "pass": "sysctl.parameters.exists(p, p.name == \"kernel.dmesg_restrict\" && p.supported && int(p.live) == 1)",
      "evidence": "sysctl.parameters.filter(p, p.name == \"kernel.dmesg_restrict\").map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "The log shows addresses, hardware and the reasons why an attempt at an exploit failed.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'kernel.dmesg_restrict = 1' > /etc/sysctl.d/60-gabion-kernel-log.conf\nsysctl --system\n```",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-kernel-log.conf",
          "lines": [
            "kernel.dmesg_restrict = 1"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-kernel-log.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1082"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kernel-parameter-files-name-known",
      "title": "Files set kernel parameters that exist",
      "severity": "low",
      "pass": "!sysctl.parameters.exists(p, !p.supported && p.persisted != \"\" && p.origin.path.startsWith(\"/etc/\") && !(p.name in params.except))",
      "evidence": "sysctl.parameters.filter(p, has(p.supported) && has(p.persisted) && has(p.origin) && !p.supported && p.persisted != \"\" && p.origin.path.startsWith(\"/etc/\") && !(p.name in params.except)).map(p, p.origin.path + \":\" + string(p.origin.line) + \" sets \" + p.name + \", which this kernel does not have\")",
      "rationale": "A misspelt name, or one whose module is loaded later, protects nothing, and boot only writes a line into the journal.",
      "remediation": "Correct the name, or load its module before (`/etc/modules-load.d`), as br_netfilter for net.bridge. What only other kernels have goes into parameter `except`.",
      "references": [],
      "parameters": {
        "except": []
      },
      "parameterNotes": {
        "except": "names of parameters that only other kernels have"
      },
      "tests": []
    },
    {
      "id": "kernel-parameters-as-persisted",
      "title": "Kernel parameters are what the files say",
      "severity": "medium",
      "pass": "!sysctl.parameters.exists(p, p.differs && !(p.name in params.except))",
      "evidence": "sysctl.parameters.filter(p, has(p.differs) && p.differs && !(p.name in params.except)).map(p, p.name + \" is \" + p.live + \", but \" + p.origin.path + \":\" + string(p.origin.line) + \" sets \" + p.persisted)",
      "rationale": "Either somebody changed it by hand and the next boot undoes it, or something sets it later than the file and the file only looks as if it protected.",
      "remediation": "Apply the files with `sysctl --system` and see what sets it again, or write the value that is meant into a file in `/etc/sysctl.d`. What a program of the host changes on purpose goes into parameter `except`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562"
        }
      ],
      "parameters": {
        "except": []
      },
      "parameterNotes": {
        "except": "names of parameters that a program changes on purpose"
      },
      "tests": []
    },
    {
      "id": "kernel-self-protection-on",
      "title": "The kernel's own protections are not switched off at boot",
      "severity": "medium",
      "pass": "!host.bootParameters.exists(b, ((b.name in params.words) || (b.name in [\"init_on_alloc\", \"hardened_usercopy\", \"module.sig_enforce\", \"randomize_kstack_offset\"] && b.value in [\"0\", \"off\", \"n\", \"N\"]) || (b.name == \"vsyscall\" && b.value == \"native\")) && !host.bootParameters.exists(o, o.name == b.name && o.position > b.position))",
      "evidence": "host.bootParameters.filter(b, ((b.name in params.words) || (b.name in [\"init_on_alloc\", \"hardened_usercopy\", \"module.sig_enforce\", \"randomize_kstack_offset\"] && b.value in [\"0\", \"off\", \"n\", \"N\"]) || (b.name == \"vsyscall\" && b.value == \"native\")) && !host.bootParameters.exists(o, o.name == b.name && o.position > b.position)).map(b, \"boot parameter \" + b.name + (b.value == \"\" ? \"\" : \"=\" + b.value))",
      "rationale": "Address randomization and checked copies turn a kernel bug from a reliable exploit into a crash. These parameters are for debugging.",
      "remediation": "Take it out of GRUB_CMDLINE_LINUX and GRUB_CMDLINE_LINUX_DEFAULT in `/etc/default/grub` (`grubby --update-kernel=ALL --remove-args=…` on Red Hat), run `update-grub` and reboot.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {
        "words": [
          "nokaslr",
          "norandmaps",
          "nosmap",
          "nosmep"
        ]
      },
      "parameterNotes": {
        "words": "boot parameters that switch a protection off by being there"
      },
      "tests": []
    },
    {
      "id": "kernel-smb-server-unavailable",
      "title": "The SMB server in the kernel cannot be loaded",
      "severity": "medium",
      "applies": "kernelModules.support == \"modular\"",
      "pass": "!kernelModules.modules.exists(x, x.name in params.modules && (x.loaded || x.loadable))",
      "evidence": "kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name + (has(x.loaded) && x.loaded ? \" is loaded\" : x.blacklisted ? \" can be loaded: a blacklist line does not stop modprobe or a dependency\" : \" can be loaded\"))",
      "rationale": "ksmbd serves SMB from inside the kernel and has had remote holes without authentication. Samba does the same in user space.",
      "remediation": "Forbid and unload them:\n\n```sh\nfor module in {{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}; do\n  printf 'install %s /bin/false\\nblacklist %s\\n' \"$module\" \"$module\"\ndone >> /etc/modprobe.d/gabion-ksmbd.conf\nmodprobe -r {{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}\n```\n\nWhat this host does need goes out of parameter `modules`.",
      "fix": [
        {
          "file": "/etc/modprobe.d/gabion-ksmbd.conf",
          "lines": [
            "install {{ params.modules }} /bin/false",
            "blacklist {{ params.modules }}"
          ]
        },
        {
          "run": [
            "modprobe",
            "-r",
            "{{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1210"
        }
      ],
      "parameters": {
        "modules": [
          "ksmbd"
        ]
      },
      "parameterNotes": {
        "modules": "modules that must not be loadable"
      },
      "tests": []
    },
    {
      "id": "kernel-supports-seccomp-filters",
      "title": "The kernel can filter system calls",
      "severity": "high",
      "pass": "seccomp.supported",
      "evidence": "[\"the kernel has no seccomp filters\"]",
      "rationale": "Without CONFIG_SECCOMP_FILTER the sandboxes of container runtimes, systemd, sshd and browsers are silently not there.",
      "remediation": "Boot a kernel of the distribution, or build with `CONFIG_SECCOMP=y` and `CONFIG_SECCOMP_FILTER=y`.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kernel-taint-explained",
      "title": "Each taint of the kernel belongs to a module that is loaded",
      "severity": "medium",
      "applies": "kernelModules.support == \"modular\"",
      "pass": "kernelModules.taintFlags.all(t, !(t in [\"E\", \"O\", \"F\"]) || kernelModules.modules.exists(x, x.loaded && t in x.taints))",
      "evidence": "kernelModules.taintFlags.filter(t, t in [\"E\", \"O\", \"F\"] && !kernelModules.modules.exists(x, has(x.loaded) && has(x.taints) && x.loaded && t in x.taints)).map(t, \"taint \" + t + (t == \"E\" ? \" (unsigned module)\" : t == \"F\" ? \" (forced module)\" : \" (out-of-tree module)\") + \", and no loaded module has it\")",
      "rationale": "Taints stay until reboot. When an unsigned or foreign module was loaded since then and none is listed, it was unloaded again, or it hides: taking itself off the list is the first thing a rootkit does.",
      "remediation": "Look for the moment in the kernel log: `journalctl -k -g taint`. If no one can explain it, compare with the node's peers, take a memory image before anything else, and rebuild the host from a clean image. After a planned load and unload reboot to clear the flags.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1014"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1547.006"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kexec-disabled",
      "title": "The running kernel cannot be replaced without a reboot",
      "severity": "low",
      "applies": "sysctl.parameters.exists(p, p.name == \"kernel.kexec_load_disabled\" && p.supported)",
      "pass": "sysctl.parameters.exists(p, p.name == \"kernel.kexec_load_disabled\" && p.supported && int(p.live) == 1)",
      "evidence": "sysctl.parameters.filter(p, p.name == \"kernel.kexec_load_disabled\").map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "With kexec root boots any kernel, unsigned ones too, past Secure Boot and without the firmware.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'kernel.kexec_load_disabled = 1' > /etc/sysctl.d/60-gabion-kexec.conf\nsysctl --system\n```\n\nkdump must have loaded its kernel before; a host that needs kdump later keeps it.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1542"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kube-proxy-kubeconfig-mode",
      "title": "The kubeconfig of kube-proxy is readable by root only",
      "severity": "medium",
      "applies": "kubelet.files.exists(f, f.role == \"kube-proxy-kubeconfig\" && f.state != \"absent\")",
      "pass": "kubelet.files.all(f, !(f.role == \"kube-proxy-kubeconfig\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "kubelet.files.filter(f, f.role == \"kube-proxy-kubeconfig\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "The kubeconfig holds or points to kube-proxy's credential for the API server; who reads it may list every service and endpoint of the cluster.",
      "remediation": "`chmod {{ params.maxMode }} {{ kubelet.files.filter(f, f.role == \"kube-proxy-kubeconfig\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made (package, kubeadm, Ansible), or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ kubelet.files.filter(f, f.role == \"kube-proxy-kubeconfig\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.1.3"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.1.3"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.1.3"
        }
      ],
      "parameters": {
        "maxMode": "0600"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "kube-proxy-kubeconfig-owner",
      "title": "The kubeconfig of kube-proxy belongs to root",
      "severity": "medium",
      "applies": "kubelet.files.exists(f, f.role == \"kube-proxy-kubeconfig\" && f.state != \"absent\")",
      "pass": "kubelet.files.all(f, !(f.role == \"kube-proxy-kubeconfig\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : f.uid == 0 && f.gid == 0))",
      "evidence": "kubelet.files.filter(f, f.role == \"kube-proxy-kubeconfig\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path + \" belongs to uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "Whoever owns a kubeconfig can change its mode and its content, whatever the mode says now.",
      "remediation": "`chown root:root {{ kubelet.files.filter(f, f.role == \"kube-proxy-kubeconfig\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}`",
      "fix": [
        {
          "paths": "{{ kubelet.files.filter(f, f.role == \"kube-proxy-kubeconfig\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.1.4"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.1.4"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.1.4"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kube-proxy-metrics-on-loopback",
      "title": "kube-proxy serves metrics on loopback only",
      "severity": "low",
      "applies": "controlPlane.kubeProxies.size() > 0",
      "pass": "controlPlane.kubeProxies.all(p, p.settings.metricsBindAddress.value == \"\" || p.settings.metricsBindAddress.value.startsWith(\"127.\") || p.settings.metricsBindAddress.value.startsWith(\"[::1]\") || p.settings.metricsBindAddress.value.startsWith(\"localhost:\"))",
      "evidence": "controlPlane.kubeProxies.filter(p, has(p.settings) && !(p.settings.metricsBindAddress.value == \"\" || p.settings.metricsBindAddress.value.startsWith(\"127.\") || p.settings.metricsBindAddress.value.startsWith(\"[::1]\") || p.settings.metricsBindAddress.value.startsWith(\"localhost:\"))).map(p, p.id + \": \" + (\"metrics are served on \" + p.settings.metricsBindAddress.value) + \", from \" + p.settings.metricsBindAddress.origin)",
      "rationale": "The port needs no credential and shows every Service of the cluster, and the configuration of kube-proxy.",
      "remediation": "Set `metricsBindAddress: 127.0.0.1:10249` in the ConfigMap kube-proxy of namespace kube-system, or `--metrics-bind-address` in {{ controlPlane.kubeProxies.filter(p, has(p.settings) && !(p.settings.metricsBindAddress.value == \"\" || p.settings.metricsBindAddress.value.startsWith(\"127.\") || p.settings.metricsBindAddress.value.startsWith(\"[::1]\") || p.settings.metricsBindAddress.value.startsWith(\"localhost:\"))).map(p, p.manifest != \"\" ? p.manifest : p.kind == \"k3s\" ? \"kube-proxy-arg in /etc/rancher/k3s/config.yaml\" : p.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-proxy\" : p.unit != \"\" ? p.unit : \"the command line of \" + p.id) }}, then restart kube-proxy.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.3.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.3.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.3.1"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-accepts-modern-tls-only",
      "title": "The kubelet's port accepts TLS 1.2 and later only",
      "severity": "medium",
      "applies": "kubelet.tls.size() > 0",
      "pass": "kubelet.tls.all(t, t.versions.all(v, v in params.versions))",
      "evidence": "kubelet.tls.filter(t, !t.versions.all(v, v in params.versions)).map(t, t.kubelet + \": accepts \" + t.versions.filter(v, !(v in params.versions)).join(\", \"))",
      "rationale": "TLS 1.0 and 1.1 rest on MD5 and SHA-1 and on modes that can be attacked. What counts is what the port accepts, not what the file says.",
      "remediation": "Set `tlsMinVersion: VersionTLS12` in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }}, see that no flag `--tls-min-version` overrides it, then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1557"
        }
      ],
      "parameters": {
        "versions": [
          "TLSv1.2",
          "TLSv1.3"
        ]
      },
      "parameterNotes": {
        "versions": "versions of TLS that may be accepted"
      },
      "tests": []
    },
    {
      "id": "kubelet-accepts-no-weak-ciphers",
      "title": "The kubelet's port accepts no weak cipher suite",
      "severity": "medium",
      "applies": "kubelet.tls.size() > 0",
      "pass": "kubelet.tls.all(t, !t.cipherSuites.exists(s, params.weak.exists(w, s.contains(w))))",
      "evidence": "kubelet.tls.filter(t, t.cipherSuites.exists(s, params.weak.exists(w, s.contains(w)))).map(t, t.kubelet + \": accepts \" + t.cipherSuites.filter(s, params.weak.exists(w, s.contains(w))).join(\", \"))",
      "rationale": "RC4 and 3DES are broken, key exchange by RSA gives up all recorded traffic with the key, and what a build offers by default changes with its release of Go. The port says what it accepts.",
      "remediation": "Name `tlsCipherSuites` with suites of ECDHE and GCM or ChaCha20 only in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }}, or set `tlsMinVersion: VersionTLS13`. Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.12"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.12"
        }
      ],
      "parameters": {
        "weak": [
          "TLS_RSA_",
          "_RC4_",
          "_3DES_",
          "_CBC_SHA256"
        ]
      },
      "parameterNotes": {
        "weak": "parts of names of suites that are weak"
      },
      "tests": []
    },
    {
      "id": "kubelet-anonymous-auth-disabled",
      "title": "Kubelet is configured to refuse anonymous requests",
      "severity": "high",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, !k.settings.anonymousAuth.value)",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && k.settings.anonymousAuth.value).map(k, k.id + \": anonymous authentication is \" + string(k.settings.anonymousAuth.value) + \", from \" + k.settings.anonymousAuth.origin)",
      "rationale": "With anonymous authentication on, whoever reaches port 10250 is the user system:anonymous, and one careless role binding or an AlwaysAllow mode away from running commands in every pod of the node.",
      "remediation": "Set `authentication.anonymous.enabled: false` in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }}. A command line flag overrules the file, so take `--anonymous-auth` out of the unit and its environment files. Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.2.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.1"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Authentication and authorization"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1609"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-answers-as-configured",
      "title": "Kubelet answers as its configuration says",
      "severity": "high",
      "applies": "kubelet.endpoints.size() > 0",
      "pass": "kubelet.kubelets.all(k, kubelet.endpoints.all(e, e.kubelet != k.id || !((e.endpoint == \"readOnly\" && e.state == \"open\" && k.settings.readOnlyPort.value == 0) || (e.endpoint == \"https\" && e.state == \"open\" && e.anonymous in [\"served\", \"authenticated\"] && !k.settings.anonymousAuth.value) || (e.endpoint == \"healthz\" && e.state == \"open\" && e.scope in [\"any\", \"specific\"] && addressScope(k.settings.healthzBindAddress.value) == \"loopback\"))))",
      "evidence": "kubelet.endpoints.filter(e, kubelet.kubelets.exists(k, e.kubelet == k.id && has(k.settings) && ((e.endpoint == \"readOnly\" && e.state == \"open\" && k.settings.readOnlyPort.value == 0) || (e.endpoint == \"https\" && e.state == \"open\" && e.anonymous in [\"served\", \"authenticated\"] && !k.settings.anonymousAuth.value) || (e.endpoint == \"healthz\" && e.state == \"open\" && e.scope in [\"any\", \"specific\"] && addressScope(k.settings.healthzBindAddress.value) == \"loopback\")))).map(e, e.kubelet + \": \" + (e.endpoint == \"readOnly\" ? \"readOnlyPort is 0, yet port \" + string(e.port) + \" answers\" : e.endpoint == \"healthz\" ? \"healthz is set to loopback, yet port \" + string(e.port) + \" is bound beyond it\" : \"anonymous authentication is off, yet port \" + string(e.port) + \" takes requests without credentials (HTTP \" + string(e.status) + \")\"))",
      "rationale": "When the running kubelet differs from the files, somebody started it by hand, changed a file without a restart, or put another process on its port. Every other verdict on this kubelet rests on files that it does not follow.",
      "remediation": "Compare the command line of the running process (`systemctl status kubelet` or `ps -fC kubelet`) with its unit and configuration, then restart it. If a port still answers, `ss -lntp` shows who holds it.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1036"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-api-closed-to-anonymous",
      "title": "The kubelet's port serves nothing without credentials",
      "severity": "critical",
      "applies": "kubelet.endpoints.exists(e, e.endpoint == \"https\" && e.state != \"closed\")",
      "pass": "kubelet.endpoints.all(e, e.endpoint != \"https\" || e.state == \"closed\" || (e.state == \"open\" ? (e.anonymous == \"unproven\" ? unknown(\"port \" + string(e.port) + \" gave an answer from which nothing follows\") : e.anonymous != \"served\" && !e.logsServed) : unknown(\"port \" + string(e.port) + \" did not answer the anonymous request\")))",
      "evidence": "kubelet.endpoints.filter(e, e.endpoint == \"https\" && e.state == \"open\" && (e.anonymous == \"served\" || e.logsServed)).map(e, e.kubelet + \": \" + e.address + \" port \" + string(e.port) + (e.anonymous == \"served\" ? \" lists pods for anybody\" : \" hands its logs to anybody\"))",
      "rationale": "This is what the port answered, not what a file says: anybody on the network reads every pod of the node and, through the debugging handlers, runs commands in them.",
      "remediation": "Set `authentication.anonymous.enabled: false` and `authorization.mode: Webhook` in {{ kubelet.kubelets.map(k, k.configFile) }}, remove the flags that overrule them and restart the kubelet. Until then drop port 10250 from everywhere but the control plane. See what the answer is with `curl -sk https://127.0.0.1:10250/pods`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.2.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.1"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Authentication and authorization"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1609"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1613"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-authorization-not-always-allow",
      "title": "Kubelet asks the API server whether a request is allowed",
      "severity": "critical",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, k.settings.authorizationMode.value == \"Webhook\")",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && k.settings.authorizationMode.value != \"Webhook\").map(k, k.id + \": authorization mode is \" + k.settings.authorizationMode.value + \", from \" + k.settings.authorizationMode.origin)",
      "rationale": "AlwaysAllow lets every authenticated caller, any service account token included, read all pods of the node and execute commands in them. Webhook makes the kubelet ask the API server, where RBAC decides.",
      "remediation": "Set `authorization.mode: Webhook` in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }} and see that no `--authorization-mode` flag overrules it. Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.2.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.2"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Authentication and authorization"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1609"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1613"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-bootstrap-kubeconfig-removed",
      "title": "No bootstrap kubeconfig is left on the node",
      "severity": "low",
      "applies": "kubelet.kubelets.exists(k, k.bootstrapKubeconfig != \"\")",
      "pass": "kubelet.kubelets.all(k, k.bootstrapKubeconfig == \"\" || !kubelet.files.exists(f, f.path == k.bootstrapKubeconfig && f.state == \"present\"))",
      "evidence": "kubelet.kubelets.filter(k, k.bootstrapKubeconfig != \"\" && kubelet.files.exists(f, f.path == k.bootstrapKubeconfig && f.state == \"present\")).map(k, k.id + \": \" + k.bootstrapKubeconfig + \" is still there\")",
      "rationale": "The bootstrap token in it may still join nodes to the cluster. Once the node has its own certificate nobody needs the file.",
      "remediation": "When the node is Ready, remove it: `rm {{ kubelet.kubelets.filter(k, k.bootstrapKubeconfig != \"\" && kubelet.files.exists(f, f.path == k.bootstrapKubeconfig && f.state == \"present\")).map(k, k.bootstrapKubeconfig) }}`, and delete its token with `kubeadm token delete`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1552.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-certificates-last",
      "title": "Certificates that the kubelet does not renew itself do not run out soon",
      "severity": "medium",
      "applies": "kubelet.certificates.exists(c, !c.rotated)",
      "pass": "kubelet.certificates.filter(c, !c.rotated).all(c, !(now >= date(c.notAfter) - duration(string(params.days * 24) + \"h\")))",
      "evidence": "kubelet.certificates.filter(c, !c.rotated && now >= date(c.notAfter) - duration(string(params.days * 24) + \"h\")).map(c, c.path + \": \" + c.subject + \" runs out at \" + c.notAfter)",
      "rationale": "A certificate without rotation ends on a day that nobody has in mind, most often a year after the node was set up.",
      "remediation": "Set `rotateCertificates: true` and, with an approver for its requests, `serverTLSBootstrap: true` in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }}. A certificate that the kubelet made itself: remove `{{ kubelet.certificates.filter(c, c.use == \"serving\" && !c.rotated).map(c, c.path) }}`, then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.10"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.10"
        }
      ],
      "parameters": {
        "days": 30
      },
      "parameterNotes": {
        "days": "days before the end from which on it fails"
      },
      "tests": []
    },
    {
      "id": "kubelet-certificates-strong",
      "title": "Certificates of the kubelet have strong keys and signatures",
      "severity": "medium",
      "applies": "kubelet.certificates.size() > 0",
      "pass": "kubelet.certificates.all(c, !((c.keyType.startsWith(\"rsa\") ? c.keyBits < params.rsaBits : c.keyBits > 0 && c.keyBits < params.curveBits) || c.signature.lowerAscii().contains(\"sha1\") || c.signature.lowerAscii().contains(\"md5\")))",
      "evidence": "kubelet.certificates.filter(c, (c.keyType.startsWith(\"rsa\") ? c.keyBits < params.rsaBits : c.keyBits > 0 && c.keyBits < params.curveBits) || c.signature.lowerAscii().contains(\"sha1\") || c.signature.lowerAscii().contains(\"md5\")).map(c, c.path + \": \" + c.subject + \" has a key of \" + string(c.keyBits) + \" bits (\" + c.keyType + \"), signed with \" + c.signature)",
      "rationale": "Short keys and signatures over SHA-1 can be made up by somebody with enough means; then he is the node, or the cluster.",
      "remediation": "Issue these anew with RSA of at least {{ string(params.rsaBits) }} bits or P-256, signed with SHA-256: `{{ kubelet.certificates.filter(c, c.keyBits < params.rsaBits).map(c, c.path) }}`.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.3.5"
        }
      ],
      "parameters": {
        "rsaBits": 2048,
        "curveBits": 256
      },
      "parameterNotes": {
        "rsaBits": "least bits of an RSA key",
        "curveBits": "least bits of a key on a curve"
      },
      "tests": []
    },
    {
      "id": "kubelet-certificates-valid",
      "title": "Certificates of the kubelet are valid",
      "severity": "high",
      "applies": "kubelet.certificates.size() > 0",
      "pass": "kubelet.certificates.all(c, now < date(c.notAfter) && now >= date(c.notBefore))",
      "evidence": "kubelet.certificates.filter(c, now >= date(c.notAfter) || now < date(c.notBefore)).map(c, c.path + \": \" + c.subject + (now >= date(c.notAfter) ? \" ran out at \" + c.notAfter : \" begins at \" + c.notBefore))",
      "rationale": "With a client certificate that has run out the node drops out of the cluster and cannot ask for a new one; with such a serving certificate logs and exec fail, or the API server has been told not to look.",
      "remediation": "Look at `{{ kubelet.certificates.filter(c, now >= date(c.notAfter)).map(c, c.path) }}`. Let the kubelet rotate (`rotateCertificates: true`, `serverTLSBootstrap: true`). Once the client certificate has run out, the node needs a new bootstrap token: `kubeadm token create --print-join-command`. A certificate that the kubelet made itself is made anew when the file is gone and it restarts.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.10"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.10"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-client-ca-configured",
      "title": "Kubelet verifies client certificates against a CA",
      "severity": "high",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, k.settings.clientCAFile.value != \"\")",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && !(k.settings.clientCAFile.value != \"\")).map(k, k.id + \": no client CA is set, from \" + k.settings.clientCAFile.origin)",
      "rationale": "Without a client CA the kubelet cannot tell the API server from anybody else by certificate; what is left is tokens or no authentication.",
      "remediation": "Set `authentication.x509.clientCAFile: /etc/kubernetes/pki/ca.crt` (the CA that signs the API server's kubelet client certificate) in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }}. Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.2.3"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.3"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.3"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-client-ca-file-mode",
      "title": "The client CA file is writable by root only",
      "severity": "medium",
      "applies": "kubelet.files.exists(f, f.role == \"client-ca\" && f.state != \"absent\")",
      "pass": "kubelet.files.all(f, !(f.role == \"client-ca\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "kubelet.files.filter(f, f.role == \"client-ca\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "Whoever appends a CA of his own to this file may log in to the kubelet as anybody. The certificate is public, so reading it is harmless.",
      "remediation": "`chmod {{ params.maxMode }} {{ kubelet.files.filter(f, f.role == \"client-ca\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made (package, kubeadm, Ansible), or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ kubelet.files.filter(f, f.role == \"client-ca\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.1.7"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.1.7"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.1.7"
        }
      ],
      "parameters": {
        "maxMode": "0644"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "kubelet-client-ca-file-owner",
      "title": "The client CA file belongs to root",
      "severity": "medium",
      "applies": "kubelet.files.exists(f, f.role == \"client-ca\" && f.state != \"absent\")",
      "pass": "kubelet.files.all(f, !(f.role == \"client-ca\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : f.uid == 0 && f.gid == 0))",
      "evidence": "kubelet.files.filter(f, f.role == \"client-ca\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path + \" belongs to uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "Whoever owns the CA file can change its mode and its content, whatever the mode says now.",
      "remediation": "`chown root:root {{ kubelet.files.filter(f, f.role == \"client-ca\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}`",
      "fix": [
        {
          "paths": "{{ kubelet.files.filter(f, f.role == \"client-ca\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.1.8"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.1.8"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.1.8"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-client-ca-in-force",
      "title": "The kubelet's port asks for certificates of the configured authority",
      "severity": "medium",
      "applies": "kubelet.tls.exists(t, \"TLSv1.2\" in t.versions)",
      "pass": "kubelet.tls.filter(t, \"TLSv1.2\" in t.versions).all(t, t.clientAuthorities > 0 || kubelet.kubelets.exists(k, k.id == t.kubelet && k.settings.clientCAFile.value == \"\"))",
      "evidence": "kubelet.tls.filter(t, \"TLSv1.2\" in t.versions && t.clientAuthorities <= 0).map(t, t.kubelet + \": clientCAFile is set, yet the port asks for no authority's certificates\")",
      "rationale": "With a client CA in force the port names it to everybody who connects. Where it does not, the kubelet has not read the file: the API server's certificate is not accepted either, and what lets it in is something else.",
      "remediation": "See that `{{ kubelet.kubelets.filter(k, has(k.settings)).map(k, k.settings.clientCAFile.value) }}` holds certificates, then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.3"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.3"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-client-certificate-of-a-node",
      "title": "The kubelet shows the API server the certificate of a node and of nobody else",
      "severity": "high",
      "applies": "kubelet.certificates.exists(c, c.use == \"client\" && c.position == 1)",
      "pass": "kubelet.certificates.filter(c, c.use == \"client\" && c.position == 1).all(c, c.subject.contains(\"O=system:nodes\") && c.subject.contains(\"CN=system:node:\") && !c.subject.contains(\"O=system:masters\"))",
      "evidence": "kubelet.certificates.filter(c, c.use == \"client\" && c.position == 1 && !(c.subject.contains(\"O=system:nodes\") && c.subject.contains(\"CN=system:node:\") && !c.subject.contains(\"O=system:masters\"))).map(c, c.path + \": \" + c.subject)",
      "rationale": "The Node authorizer and NodeRestriction keep a node to its own pods and secrets only while it is called `system:node:NAME` in the group `system:nodes`. With any other certificate, such as an administrator's, whoever gets root on the node gets that too.",
      "remediation": "Join the node anew with a bootstrap token: `kubeadm token create --print-join-command` on a control plane, then `kubeadm reset` and `kubeadm join` here. Replace the certificate in `{{ kubelet.certificates.filter(c, c.use == \"client\").map(c, c.path) }}`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.7"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.7"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1078"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-client-certificate-rotated",
      "title": "Kubelet renews its client certificate",
      "severity": "medium",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, k.settings.rotateCertificates.value)",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && !k.settings.rotateCertificates.value).map(k, k.id + \": rotateCertificates is \" + string(k.settings.rotateCertificates.value) + \", from \" + k.settings.rotateCertificates.origin)",
      "rationale": "Without rotation the node either drops out of the cluster when its certificate ends, or somebody issues certificates so long-lived that a stolen one stays useful.",
      "remediation": "Set `rotateCertificates: true` in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }}; its default is false. Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.2.10"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.10"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.10"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-configuration-active",
      "title": "Kubelet was started after its configuration last changed",
      "severity": "medium",
      "applies": "kubelet.kubelets.exists(k, k.running)",
      "pass": "kubelet.kubelets.all(k, !k.running || !k.configNewerThanProcess)",
      "evidence": "kubelet.kubelets.filter(k, k.running && has(k.configNewerThanProcess) && k.configNewerThanProcess).map(k, k.id + \": a configuration file changed after the process started\")",
      "rationale": "The kubelet reads its configuration once, at start. A hardened file under a process that started before it protects nothing until the next restart, and that may be the one that does not come up.",
      "remediation": "Look at what changed, then restart {{ kubelet.kubelets.filter(k, k.running && has(k.configNewerThanProcess) && k.configNewerThanProcess).map(k, k.unit == \"\" ? k.kind : k.unit) }} while the node is drained.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-configuration-files-mode",
      "title": "Kubelet configuration files and drop-ins are readable by root only",
      "severity": "medium",
      "applies": "kubelet.files.exists(f, f.role in [\"config\", \"drop-in\"] && f.state != \"absent\")",
      "pass": "kubelet.files.all(f, !(f.role in [\"config\", \"drop-in\"]) || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "kubelet.files.filter(f, f.role in [\"config\", \"drop-in\"] && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "The configuration decides who may use the kubelet: write access is control of the node at the next restart, and read access tells an attacker what is open. kubeadm writes the file as 0644.",
      "remediation": "`chmod {{ params.maxMode }} {{ kubelet.files.filter(f, f.role in [\"config\", \"drop-in\"] && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made (package, kubeadm, Ansible), or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ kubelet.files.filter(f, f.role in [\"config\", \"drop-in\"] && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.1.9"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.1.9"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.1.9"
        }
      ],
      "parameters": {
        "maxMode": "0600"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "kubelet-configuration-files-owner",
      "title": "Kubelet configuration files and drop-ins belong to root",
      "severity": "high",
      "applies": "kubelet.files.exists(f, f.role in [\"config\", \"drop-in\"] && f.state != \"absent\")",
      "pass": "kubelet.files.all(f, !(f.role in [\"config\", \"drop-in\"]) || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : f.uid == 0 && f.gid == 0))",
      "evidence": "kubelet.files.filter(f, f.role in [\"config\", \"drop-in\"] && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path + \" belongs to uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "Whoever owns a configuration file can change its mode and its content, whatever the mode says now.",
      "remediation": "`chown root:root {{ kubelet.files.filter(f, f.role in [\"config\", \"drop-in\"] && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}`",
      "fix": [
        {
          "paths": "{{ kubelet.files.filter(f, f.role in [\"config\", \"drop-in\"] && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.1.10"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.1.10"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.1.10"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-configuration-keys-known",
      "title": "Kubelet configuration has no unknown keys",
      "severity": "medium",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, k.unknownKeys.size() == 0 && (has(k.settings) || unknown(\"the configuration of \" + k.id + \" is not known\")))",
      "evidence": "kubelet.kubelets.filter(k, k.unknownKeys.size() > 0).map(k, k.id + \": unknown \" + k.unknownKeys.join(\", \"))",
      "rationale": "A misspelt key is a setting that was never made: readonlyPort: 0 leaves the port as it was, and everybody believes otherwise.",
      "remediation": "Correct the spelling of {{ kubelet.kubelets.filter(k, k.unknownKeys.size() > 0).map(k, k.unknownKeys.join(\", \")) }} or remove it. Names are case sensitive and nested as in `KubeletConfiguration` of kubelet.config.k8s.io/v1beta1.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-drop-in-directory-mode",
      "title": "The kubelet's drop-in directory is writable by root only",
      "severity": "high",
      "applies": "kubelet.files.exists(f, f.role == \"config-dir\" && f.state != \"absent\")",
      "pass": "kubelet.files.all(f, !(f.role == \"config-dir\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "kubelet.files.filter(f, f.role == \"config-dir\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "A new file in this directory is a new kubelet setting. Who may write here needs no other file.",
      "remediation": "`chmod {{ params.maxMode }} {{ kubelet.files.filter(f, f.role == \"config-dir\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made (package, kubeadm, Ansible), or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ kubelet.files.filter(f, f.role == \"config-dir\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [],
      "parameters": {
        "maxMode": "0755"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "kubelet-drop-in-directory-owner",
      "title": "The kubelet's drop-in directory belongs to root",
      "severity": "high",
      "applies": "kubelet.files.exists(f, f.role == \"config-dir\" && f.state != \"absent\")",
      "pass": "kubelet.files.all(f, !(f.role == \"config-dir\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : f.uid == 0 && f.gid == 0))",
      "evidence": "kubelet.files.filter(f, f.role == \"config-dir\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path + \" belongs to uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "Whoever owns the directory can change its mode and its content, whatever the mode says now.",
      "remediation": "`chown root:root {{ kubelet.files.filter(f, f.role == \"config-dir\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}`",
      "fix": [
        {
          "paths": "{{ kubelet.files.filter(f, f.role == \"config-dir\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}",
          "owner": "root:root"
        }
      ],
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-drop-ins-read",
      "title": "Kubelet reads every file in its drop-in directory",
      "severity": "medium",
      "applies": "kubelet.kubelets.exists(k, k.configDir != \"\")",
      "pass": "kubelet.kubelets.all(k, k.ignoredDropIns.size() == 0 && (has(k.settings) || unknown(\"the configuration of \" + k.id + \" is not known\")))",
      "evidence": "kubelet.kubelets.filter(k, k.ignoredDropIns.size() > 0).map(k, k.id + \": never read: \" + k.ignoredDropIns.join(\", \"))",
      "rationale": "Only names that end in .conf count. A 90-hardening.yaml in the drop-in directory looks like policy and does nothing.",
      "remediation": "Rename the files so that they end in `.conf`, or move them out of {{ kubelet.kubelets.filter(k, k.ignoredDropIns.size() > 0).map(k, k.configDir) }}; then restart the kubelet.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-environment-files-mode",
      "title": "Environment files of the kubelet unit are writable by root only",
      "severity": "medium",
      "applies": "kubelet.files.exists(f, f.role == \"environment\" && f.state != \"absent\")",
      "pass": "kubelet.files.all(f, !(f.role == \"environment\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "kubelet.files.filter(f, f.role == \"environment\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "Flags in these files overrule the configuration file. Write access to one of them is enough to switch authentication off at the next restart.",
      "remediation": "`chmod {{ params.maxMode }} {{ kubelet.files.filter(f, f.role == \"environment\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made (package, kubeadm, Ansible), or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ kubelet.files.filter(f, f.role == \"environment\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [],
      "parameters": {
        "maxMode": "0644"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "kubelet-environment-files-owner",
      "title": "Environment files of the kubelet unit belong to root",
      "severity": "medium",
      "applies": "kubelet.files.exists(f, f.role == \"environment\" && f.state != \"absent\")",
      "pass": "kubelet.files.all(f, !(f.role == \"environment\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : f.uid == 0 && f.gid == 0))",
      "evidence": "kubelet.files.filter(f, f.role == \"environment\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path + \" belongs to uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "Whoever owns an environment file can change its mode and its content, whatever the mode says now.",
      "remediation": "`chown root:root {{ kubelet.files.filter(f, f.role == \"environment\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}`",
      "fix": [
        {
          "paths": "{{ kubelet.files.filter(f, f.role == \"environment\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}",
          "owner": "root:root"
        }
      ],
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-event-rate-limited",
      "title": "Kubelet limits the rate of its events",
      "severity": "low",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, k.settings.eventRecordQPS.value >= params.minimum && k.settings.eventRecordQPS.value > 0)",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && !(k.settings.eventRecordQPS.value >= params.minimum && k.settings.eventRecordQPS.value > 0)).map(k, k.id + \": eventRecordQPS is \" + (k.settings.eventRecordQPS.value == 0 ? \"0, without limit\" : string(k.settings.eventRecordQPS.value)) + \", from \" + k.settings.eventRecordQPS.origin)",
      "rationale": "Events are evidence. No limit lets one crash-looping pod flood the API server; a limit that is too low drops the events somebody needs after an incident.",
      "remediation": "Set `eventRecordQPS: 50` in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }} (the default since 1.27). Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.2.8"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.8"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.8"
        }
      ],
      "parameters": {
        "minimum": 5
      },
      "parameterNotes": {
        "minimum": "least events a second"
      },
      "tests": []
    },
    {
      "id": "kubelet-healthz-loopback-only",
      "title": "Kubelet answers health requests on loopback only",
      "severity": "low",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, k.settings.healthzPort.value == 0 || (addressScope(k.settings.healthzBindAddress.value) == \"loopback\"))",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && !(k.settings.healthzPort.value == 0 || (addressScope(k.settings.healthzBindAddress.value) == \"loopback\"))).map(k, k.id + \": healthz on \" + k.settings.healthzBindAddress.value + \" port \" + string(k.settings.healthzPort.value) + \", from \" + k.settings.healthzBindAddress.origin)",
      "rationale": "The health port has neither authentication nor TLS. Nothing but the host itself needs it.",
      "remediation": "Set `healthzBindAddress: 127.0.0.1` in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }}. Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1613"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-hostname-not-overridden",
      "title": "Kubelet registers under the name of its host",
      "severity": "low",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, k.settings.hostnameOverride.value == \"\" || params.allowed)",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && !(k.settings.hostnameOverride.value == \"\" || params.allowed)).map(k, k.id + \": registers as \" + k.settings.hostnameOverride.value)",
      "rationale": "A node that registers under another name than its host's can break the match between certificate and node name, and makes logs of host and cluster hard to join. Some clouds need the override; then allow it by parameter.",
      "remediation": "Remove `--hostname-override` from the kubelet unit and its environment files, drain and re-register the node. Where the cloud provider demands the name, set parameter `allowed` to true instead.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.2.7"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.7"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.7"
        }
      ],
      "parameters": {
        "allowed": false
      },
      "parameterNotes": {
        "allowed": "whether a cloud provider demands the override"
      },
      "tests": []
    },
    {
      "id": "kubelet-kernel-defaults-set",
      "title": "Kernel parameters are those that the kubelet wants",
      "severity": "low",
      "applies": "host.kubernetesRoles.exists(r, r == \"worker\")",
      "pass": "!sysctl.parameters.exists(p, (p.name == \"vm.overcommit_memory\" && p.live != \"1\") || (p.name == \"vm.panic_on_oom\" && p.live != \"0\") || (p.name == \"kernel.panic\" && p.live != \"10\") || (p.name == \"kernel.panic_on_oops\" && p.live != \"1\") || (p.name == \"kernel.keys.root_maxkeys\" && p.live != \"1000000\") || (p.name == \"kernel.keys.root_maxbytes\" && p.live != \"25000000\"))",
      "evidence": "sysctl.parameters.filter(p, has(p.live) && ((p.name == \"vm.overcommit_memory\" && p.live != \"1\") || (p.name == \"vm.panic_on_oom\" && p.live != \"0\") || (p.name == \"kernel.panic\" && p.live != \"10\") || (p.name == \"kernel.panic_on_oops\" && p.live != \"1\") || (p.name == \"kernel.keys.root_maxkeys\" && p.live != \"1000000\") || (p.name == \"kernel.keys.root_maxbytes\" && p.live != \"25000000\"))).map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "A kubelet that protects these defaults does not start when one differs; one that does not protect them changes them itself. A node that runs out of memory or hits a kernel bug should restart, not hang.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'vm.overcommit_memory = 1' 'vm.panic_on_oom = 0' 'kernel.panic = 10' 'kernel.panic_on_oops = 1' 'kernel.keys.root_maxkeys = 1000000' 'kernel.keys.root_maxbytes = 25000000' > /etc/sysctl.d/60-gabion-kubelet.conf\nsysctl --system\n```\n\nThen set `protectKernelDefaults: true` in the kubelet configuration.",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-kubelet.conf",
          "lines": [
            "vm.overcommit_memory = 1",
            "vm.panic_on_oom = 0",
            "kernel.panic = 10",
            "kernel.panic_on_oops = 1",
            "kernel.keys.root_maxkeys = 1000000",
            "kernel.keys.root_maxbytes = 25000000"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-kubelet.conf"
          ]
        }
      ],
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-kubeconfig-mode",
      "title": "The kubelet's kubeconfig is readable by root only",
      "severity": "high",
      "applies": "kubelet.files.exists(f, f.role == \"kubeconfig\" && f.state != \"absent\")",
      "pass": "kubelet.files.all(f, !(f.role == \"kubeconfig\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "kubelet.files.filter(f, f.role == \"kubeconfig\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "The kubeconfig is the node's identity. Who reads it, or the key beside it, talks to the API server as this node and sees the secrets of its pods.",
      "remediation": "`chmod {{ params.maxMode }} {{ kubelet.files.filter(f, f.role == \"kubeconfig\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made (package, kubeadm, Ansible), or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ kubelet.files.filter(f, f.role == \"kubeconfig\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.1.5"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.1.5"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.1.5"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        }
      ],
      "parameters": {
        "maxMode": "0600"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "kubelet-kubeconfig-owner",
      "title": "The kubelet's kubeconfig belongs to root",
      "severity": "high",
      "applies": "kubelet.files.exists(f, f.role == \"kubeconfig\" && f.state != \"absent\")",
      "pass": "kubelet.files.all(f, !(f.role == \"kubeconfig\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : f.uid == 0 && f.gid == 0))",
      "evidence": "kubelet.files.filter(f, f.role == \"kubeconfig\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path + \" belongs to uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "Whoever owns a kubeconfig can change its mode and its content, whatever the mode says now.",
      "remediation": "`chown root:root {{ kubelet.files.filter(f, f.role == \"kubeconfig\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}`",
      "fix": [
        {
          "paths": "{{ kubelet.files.filter(f, f.role == \"kubeconfig\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.1.6"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.1.6"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.1.6"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-listens-as-configured",
      "title": "The kubelet listens on the ports of its configuration only",
      "severity": "high",
      "applies": "kubelet.kubelets.exists(k, k.running)",
      "pass": "ports.listeners.all(l, l.scope == \"loopback\" || l.protocol != \"tcp\" || !l.holders.exists(h, h.process == \"kubelet\") || kubelet.kubelets.exists(k, l.port in [k.settings.port.value, k.settings.readOnlyPort.value, k.settings.healthzPort.value]))",
      "evidence": "ports.listeners.filter(l, l.scope != \"loopback\" && l.protocol == \"tcp\" && has(l.holders) && l.holders.exists(h, h.process == \"kubelet\") && !kubelet.kubelets.exists(k, has(k.settings) && l.port in [k.settings.port.value, k.settings.readOnlyPort.value, k.settings.healthzPort.value])).map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + (has(l.holders) && l.holders.size() > 0 ? \" by \" + l.holders.map(h, h.process).join(\", \") : \"\") + \", which no configuration names\")",
      "rationale": "The running process holds a port that its files do not ask for: it runs with other settings than those that were reviewed.",
      "remediation": "Compare the running command line (`ps -fC kubelet`) with unit and configuration file, then restart the kubelet. Port 10255 here is the read-only port.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1036"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-manages-iptables-chains",
      "title": "Kubelet maintains its iptables utility chains",
      "severity": "low",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, k.settings.makeIPTablesUtilChains.value)",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && !k.settings.makeIPTablesUtilChains.value).map(k, k.id + \": makeIPTablesUtilChains is \" + string(k.settings.makeIPTablesUtilChains.value) + \", from \" + k.settings.makeIPTablesUtilChains.origin)",
      "rationale": "The kubelet's chains drop packets that pretend to come from loopback and mark traffic for masquerading. Switched off, that is left to whoever remembers it.",
      "remediation": "Set `makeIPTablesUtilChains: true` in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }} or remove the key, true is its default. Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.2.6"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.6"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.6"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-not-outdated",
      "title": "Kubelet is of a supported minor version",
      "severity": "medium",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, versionAtLeast(k.version, params.minimum))",
      "evidence": "kubelet.kubelets.filter(k, has(k.version) && !versionAtLeast(k.version, params.minimum)).map(k, k.id + \": version \" + k.version + \" is older than \" + params.minimum)",
      "rationale": "Upstream mends security holes in the three newest minor versions only. An older kubelet keeps every hole that was found since.",
      "remediation": "Drain the node and upgrade its kubelet, one minor version at a time and never ahead of the API server. When a release leaves support raise parameter `minimum`.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.5.3"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Upgrading and application security practices"
        }
      ],
      "parameters": {
        "minimum": "1.34"
      },
      "parameterNotes": {
        "minimum": "oldest minor version that is supported"
      },
      "tests": []
    },
    {
      "id": "kubelet-pod-pids-limited",
      "title": "Pods have a process limit",
      "severity": "medium",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, k.settings.podPidsLimit.value > 0 && k.settings.podPidsLimit.value <= params.maximum)",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && !(k.settings.podPidsLimit.value > 0 && k.settings.podPidsLimit.value <= params.maximum)).map(k, k.id + \": podPidsLimit is \" + (k.settings.podPidsLimit.value <= 0 ? \"unlimited\" : string(k.settings.podPidsLimit.value)) + \", from \" + k.settings.podPidsLimit.origin)",
      "rationale": "One fork bomb in one pod uses up the process ids of the whole node, kubelet and sshd included. A limit per pod keeps the damage in the pod.",
      "remediation": "Set `podPidsLimit: 4096` in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }}. Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.2.13"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.13"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.13"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1499"
        }
      ],
      "parameters": {
        "maximum": 65536
      },
      "parameterNotes": {
        "maximum": "most processes of a pod"
      },
      "tests": []
    },
    {
      "id": "kubelet-presents-certificate-on-disk",
      "title": "The kubelet presents the certificate that lies on its disk",
      "severity": "medium",
      "applies": "kubelet.tls.size() > 0",
      "pass": "kubelet.tls.all(t, t.certificateFile != \"\")",
      "evidence": "kubelet.tls.filter(t, has(t.certificateFile) && t.certificateFile == \"\").map(t, t.kubelet + \": presents \" + t.subject + \" until \" + t.notAfter + \", which no file holds\")",
      "rationale": "A certificate that was replaced on disk is presented only after the kubelet has read it: before 1.31 that takes a restart. Until then an old key, that may be why it was replaced, still speaks for the node. Or something else than the kubelet answers on its port.",
      "remediation": "See who listens: `ss -lntp sport = :10250`. If it is the kubelet: `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1557"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-profiling-disabled",
      "title": "Kubelet does not serve profiling data",
      "severity": "low",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, !k.settings.enableProfilingHandler.value)",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && k.settings.enableProfilingHandler.value).map(k, k.id + \": enableProfilingHandler is \" + string(k.settings.enableProfilingHandler.value) + \", from \" + k.settings.enableProfilingHandler.origin)",
      "rationale": "The pprof handlers tell internals of the kubelet and let a caller spend its CPU on demand. They help a developer, not a node in production.",
      "remediation": "Set `enableProfilingHandler: false` in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }}. Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1499"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-protects-kernel-defaults",
      "title": "Kubelet refuses to change kernel settings of the host",
      "severity": "medium",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, k.settings.protectKernelDefaults.value)",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && !k.settings.protectKernelDefaults.value).map(k, k.id + \": protectKernelDefaults is \" + string(k.settings.protectKernelDefaults.value) + \", from \" + k.settings.protectKernelDefaults.origin)",
      "rationale": "Otherwise the kubelet quietly overwrites vm.overcommit_memory, kernel.panic and their like at start, and the sysctl hardening of the host is not what runs.",
      "remediation": "First persist what the kubelet expects in `/etc/sysctl.d/90-kubelet.conf`: vm.overcommit_memory=1, vm.panic_on_oom=0, kernel.panic=10, kernel.panic_on_oops=1, kernel.keys.root_maxkeys=1000000, kernel.keys.root_maxbytes=25000000; load it with `sysctl --system`; then set `protectKernelDefaults: true`, else the kubelet will not start. Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.24",
          "id": "4.2.6"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-read-only-port-closed",
      "title": "Nothing answers on the kubelet's read-only port",
      "severity": "high",
      "applies": "kubelet.endpoints.exists(e, e.endpoint == \"readOnly\")",
      "pass": "kubelet.endpoints.all(e, e.endpoint != \"readOnly\" || e.state == \"closed\" || (e.state != \"open\" && unknown(\"port \" + string(e.port) + \" did not answer\")))",
      "evidence": "kubelet.endpoints.filter(e, e.endpoint == \"readOnly\" && e.state == \"open\").map(e, e.kubelet + \": \" + e.address + \" port \" + string(e.port) + \" answers\" + (e.status == 200 ? \" and lists pods\" : \" (HTTP \" + string(e.status) + \")\"))",
      "rationale": "Whatever the configuration says, an open read-only port gives every pod specification of the node to everybody who reaches it.",
      "remediation": "Set `readOnlyPort: 0` in {{ kubelet.kubelets.map(k, k.configFile) }}, remove `--read-only-port` and restart the kubelet. When it is already 0, another process holds the port: `ss -lntp` names it.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.2.4"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.4"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.4"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1613"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-read-only-port-disabled",
      "title": "Kubelet is configured without the read-only port",
      "severity": "high",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, k.settings.readOnlyPort.value == 0)",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && k.settings.readOnlyPort.value != 0).map(k, k.id + \": readOnlyPort is \" + string(k.settings.readOnlyPort.value) + \", from \" + k.settings.readOnlyPort.origin)",
      "rationale": "The read-only port answers anybody, without credentials or TLS, with every pod of the node, its environment variables and its resource use.",
      "remediation": "Set `readOnlyPort: 0` in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }} and take out any `--read-only-port` flag. Point scrapers at port 10250 with a token instead. Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.2.4"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.4"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.4"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1613"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-runs-as-configured",
      "title": "The kubelet runs with what its flags and files say",
      "severity": "high",
      "applies": "kubelet.kubelets.exists(k, k.configz != \"not-asked\")",
      "pass": "kubelet.runningSettings.all(r, r.running == r.configured)",
      "evidence": "kubelet.runningSettings.filter(r, has(r.configured) && r.running != r.configured).map(r, r.kubelet + \": \" + r.setting + \" is \" + (r.configured == \"\" ? \"not set\" : r.configured) + \" on disk, runs with \" + (r.running == \"\" ? \"nothing\" : r.running))",
      "rationale": "A kubelet reads its configuration once, at start. A file that was hardened later changes nothing until then, while everything that reads the file reports it as done.",
      "remediation": "Restart it: `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`. If it still differs, something else sets the value: look at the command line and at the files that `--config-dir` names.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.3.5"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-seccomp-default-enabled",
      "title": "Pods get the runtime's seccomp profile unless they name another",
      "severity": "medium",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, k.settings.seccompDefault.value)",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && !k.settings.seccompDefault.value).map(k, k.id + \": seccompDefault is \" + string(k.settings.seccompDefault.value) + \", from \" + k.settings.seccompDefault.origin)",
      "rationale": "By default a pod that says nothing about seccomp runs unconfined and may call everything the kernel has. With seccompDefault it gets the runtime's profile, which has stopped several container escapes.",
      "remediation": "Set `seccompDefault: true` in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }}. Roll it out pool by pool: workloads with unusual system calls show it at once. Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.14"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.14"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-serving-certificate-rotated",
      "title": "Kubelet renews its serving certificate",
      "severity": "medium",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, k.settings.tlsCertFile.value != \"\" || k.settings.rotateServerCertificate.value)",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && !(k.settings.tlsCertFile.value != \"\" || k.settings.rotateServerCertificate.value)).map(k, k.id + \": RotateKubeletServerCertificate is off, from \" + k.settings.rotateServerCertificate.origin)",
      "rationale": "The feature gate is on by default and lets the kubelet fetch the next serving certificate by itself. Switched off, the certificate ends one day and so does everything that talks to the node.",
      "remediation": "Remove `RotateKubeletServerCertificate: false` from `featureGates` in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }} and from `--feature-gates`. Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.2.11"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.11"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.11"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-serving-certificate-trusted",
      "title": "Kubelet serves with a certificate that clients can verify",
      "severity": "medium",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, (k.settings.tlsCertFile.value != \"\" && k.settings.tlsPrivateKeyFile.value != \"\") || (k.settings.serverTLSBootstrap.value && k.settings.rotateServerCertificate.value))",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && !((k.settings.tlsCertFile.value != \"\" && k.settings.tlsPrivateKeyFile.value != \"\") || (k.settings.serverTLSBootstrap.value && k.settings.rotateServerCertificate.value))).map(k, k.id + \": serves with a certificate it signed itself\")",
      "rationale": "Unless told otherwise the kubelet makes a self-signed certificate that nobody can verify, so the API server and metrics clients skip verification and anybody on the path can sit in between.",
      "remediation": "Set `serverTLSBootstrap: true` in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }} and approve its signing requests (`kubectl get csr` shows them), or set `tlsCertFile` and `tlsPrivateKeyFile`. Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.2.9"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.9"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.9"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1557"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-serving-key-mode",
      "title": "The key of the serving certificate is readable by root only",
      "severity": "high",
      "applies": "kubelet.files.exists(f, f.role == \"tls-key\" && f.state != \"absent\")",
      "pass": "kubelet.files.all(f, !(f.role == \"tls-key\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "kubelet.files.filter(f, f.role == \"tls-key\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "With this key anybody on the path can pose as the node and read what exec and logs carry.",
      "remediation": "`chmod {{ params.maxMode }} {{ kubelet.files.filter(f, f.role == \"tls-key\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made (package, kubeadm, Ansible), or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ kubelet.files.filter(f, f.role == \"tls-key\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [],
      "parameters": {
        "maxMode": "0600"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "kubelet-serving-key-owner",
      "title": "The key of the serving certificate belongs to root",
      "severity": "high",
      "applies": "kubelet.files.exists(f, f.role == \"tls-key\" && f.state != \"absent\")",
      "pass": "kubelet.files.all(f, !(f.role == \"tls-key\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : f.uid == 0 && f.gid == 0))",
      "evidence": "kubelet.files.filter(f, f.role == \"tls-key\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path + \" belongs to uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "Whoever owns a private key can change its mode and its content, whatever the mode says now.",
      "remediation": "`chown root:root {{ kubelet.files.filter(f, f.role == \"tls-key\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}`",
      "fix": [
        {
          "paths": "{{ kubelet.files.filter(f, f.role == \"tls-key\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}",
          "owner": "root:root"
        }
      ],
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-static-pods-from-files-only",
      "title": "The kubelet takes static pods from files only",
      "severity": "high",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, k.settings.staticPodURL.value == \"\")",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && k.settings.staticPodURL.value != \"\").map(k, k.id + \": from \" + k.settings.staticPodURL.value + \", set in \" + k.settings.staticPodURL.origin)",
      "rationale": "Static pods run with any right that they ask for, past admission and RBAC. Who answers at the address, or can stand in for it on the way, is root on the node, and nothing of it is on its disk.",
      "remediation": "Take `staticPodURL` and `--manifest-url` out, put the manifests into the directory `staticPodPath`, then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1610"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-streaming-timeout-set",
      "title": "Idle exec and port-forward streams time out",
      "severity": "low",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, k.settings.streamingConnectionIdleTimeoutSeconds.value != 0 || versionAtLeast(k.version, \"1.34\"))",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && !(k.settings.streamingConnectionIdleTimeoutSeconds.value != 0 || versionAtLeast(k.version, \"1.34\"))).map(k, k.id + \": idle streams are never closed, from \" + k.settings.streamingConnectionIdleTimeoutSeconds.origin)",
      "rationale": "A stream that never times out keeps a forgotten shell into a container open and holds descriptors on the node. From 1.34 on the setting has no effect and is not judged.",
      "remediation": "Set `streamingConnectionIdleTimeout: 5m` in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }}; only the flag `--streaming-connection-idle-timeout=0` truly means never, so take that out. Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.2.5"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.5"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.5"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-strong-ciphers",
      "title": "Kubelet offers strong cipher suites only",
      "severity": "medium",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, k.settings.tlsMinVersion.value == \"VersionTLS13\" || (k.settings.tlsCipherSuites.value.size() > 0 && k.settings.tlsCipherSuites.value.all(s, s in params.suites)))",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && !(k.settings.tlsMinVersion.value == \"VersionTLS13\" || (k.settings.tlsCipherSuites.value.size() > 0 && k.settings.tlsCipherSuites.value.all(s, s in params.suites)))).map(k, k.id + (k.settings.tlsCipherSuites.value.size() == 0 ? \": no cipher suites are named, the defaults of the build apply\" : \": weak suites \" + k.settings.tlsCipherSuites.value.filter(s, !(s in params.suites)).join(\", \")))",
      "rationale": "The default list changes with the Go release a kubelet was built with and has held CBC and static RSA suites. A named list, or TLS 1.3 as the minimum, keeps what is offered independent of the build.",
      "remediation": "Set `tlsMinVersion: VersionTLS13` in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }}, or list forward secret suites under `tlsCipherSuites`, such as `[TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]`. Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.2.12"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.2.12"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.2.12"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        }
      ],
      "parameters": {
        "suites": [
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256"
        ]
      },
      "parameterNotes": {
        "suites": "cipher suites that may be offered"
      },
      "tests": []
    },
    {
      "id": "kubelet-system-logs-not-served",
      "title": "Kubelet does not serve /var/log of its host",
      "severity": "low",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, !k.settings.enableSystemLogHandler.value)",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && k.settings.enableSystemLogHandler.value).map(k, k.id + \": enableSystemLogHandler is \" + string(k.settings.enableSystemLogHandler.value) + \", from \" + k.settings.enableSystemLogHandler.origin)",
      "rationale": "The handler hands out every file below /var/log to whoever may use nodes/log, and pods that can write a symbolic link there have read host files through it.",
      "remediation": "Set `enableSystemLogHandler: false` in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }}; ship logs with an agent instead. Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1613"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-tls-minimum-version",
      "title": "Kubelet speaks TLS 1.2 or newer",
      "severity": "medium",
      "applies": "kubelet.kubelets.size() > 0",
      "pass": "kubelet.kubelets.all(k, k.settings.tlsMinVersion.value in params.versions)",
      "evidence": "kubelet.kubelets.filter(k, has(k.settings) && !(k.settings.tlsMinVersion.value in params.versions)).map(k, k.id + \": tlsMinVersion is \" + k.settings.tlsMinVersion.value + \", from \" + k.settings.tlsMinVersion.origin)",
      "rationale": "TLS 1.0 and 1.1 fall to known attacks and every Kubernetes client in support speaks 1.2. Unset means 1.2 and is fine.",
      "remediation": "Set `tlsMinVersion: VersionTLS12` (or `VersionTLS13`) in {{ kubelet.kubelets.map(k, k.configFile == \"\" ? \"the file that --config names\" : k.configFile) }}. Then `systemctl restart {{ kubelet.kubelets.filter(k, k.unit != \"\").map(k, k.unit) }}`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1557"
        }
      ],
      "parameters": {
        "versions": [
          "",
          "VersionTLS12",
          "VersionTLS13"
        ]
      },
      "parameterNotes": {
        "versions": "values of tlsMinVersion that suffice; empty for unset"
      },
      "tests": []
    },
    {
      "id": "kubelet-unit-files-mode",
      "title": "Kubelet unit files are writable by root only",
      "severity": "medium",
      "applies": "kubelet.files.exists(f, f.role == \"unit\" && f.state != \"absent\")",
      "pass": "kubelet.files.all(f, !(f.role == \"unit\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "kubelet.files.filter(f, f.role == \"unit\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "Who can write the unit decides what runs as root at the next restart. Packages install units as 0644; the CIS benchmark asks for 0600, which the CIS profile sets.",
      "remediation": "`chmod {{ params.maxMode }} {{ kubelet.files.filter(f, f.role == \"unit\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made (package, kubeadm, Ansible), or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ kubelet.files.filter(f, f.role == \"unit\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.1.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.1.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.1.1"
        }
      ],
      "parameters": {
        "maxMode": "0644"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "kubelet-unit-files-owner",
      "title": "Kubelet unit files belong to root",
      "severity": "medium",
      "applies": "kubelet.files.exists(f, f.role == \"unit\" && f.state != \"absent\")",
      "pass": "kubelet.files.all(f, !(f.role == \"unit\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : f.uid == 0 && f.gid == 0))",
      "evidence": "kubelet.files.filter(f, f.role == \"unit\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path + \" belongs to uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "Whoever owns a unit file can change its mode and its content, whatever the mode says now.",
      "remediation": "`chown root:root {{ kubelet.files.filter(f, f.role == \"unit\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}`",
      "fix": [
        {
          "paths": "{{ kubelet.files.filter(f, f.role == \"unit\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.1.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.1.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.1.2"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "kubelet-version-fits-api-server",
      "title": "The kubelet is of a version that its API server supports",
      "severity": "medium",
      "applies": "kubelet.kubelets.size() > 0 && controlPlane.apiServers.size() > 0",
      "pass": "kubelet.kubelets.all(k, controlPlane.apiServers.all(a, !(int(k.version.split(\".\")[1]) > int(a.version.split(\".\")[1]) || int(k.version.split(\".\")[1]) < int(a.version.split(\".\")[1]) - params.maximumBehind)))",
      "evidence": "kubelet.kubelets.filter(k, has(k.version) && controlPlane.apiServers.exists(a, has(a.version) && (int(k.version.split(\".\")[1]) > int(a.version.split(\".\")[1]) || int(k.version.split(\".\")[1]) < int(a.version.split(\".\")[1]) - params.maximumBehind))).map(k, k.id + \" is of version \" + k.version + \", the API server of this host of \" + controlPlane.apiServers.filter(a, has(a.version))[0].version)",
      "rationale": "A kubelet that is newer than its API server, or more than three minor versions older, is tested by nobody: fields that harden a pod may be dropped without a word.",
      "remediation": "Upgrade the API servers first, then the kubelets, one minor version at a time.",
      "references": [
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Upgrading and application security practices"
        }
      ],
      "parameters": {
        "maximumBehind": 3
      },
      "parameterNotes": {
        "maximumBehind": "minor versions that a kubelet may be older"
      },
      "tests": []
    },
    {
      "id": "kubernetes-insecure-ports-closed",
      "title": "No Kubernetes component serves an old insecure port",
      "severity": "high",
      "pass": "!ports.listeners.exists(l, l.protocol == \"tcp\" && (l.port in params.ports || (l.port == 8080 && l.holders.exists(h, h.process == \"kube-apiserver\"))))",
      "evidence": "ports.listeners.filter(l, l.protocol == \"tcp\" && (l.port in params.ports || (l.port == 8080 && l.holders.exists(h, h.process == \"kube-apiserver\")))).map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + (has(l.holders) && l.holders.size() > 0 ? \" by \" + l.holders.map(h, h.process).join(\", \") : \"\"))",
      "rationale": "4194 (cAdvisor), 10251 and 10252 (scheduler and controller-manager) and the API server's 8080 spoke HTTP without authentication. Supported releases have none of them; an open one means an old or hand-made component.",
      "remediation": "Set `--insecure-port=0` or upgrade: releases since 1.24 have removed these ports. `ss -lntp` names the process behind the port.",
      "references": [
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1613"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1609"
        }
      ],
      "parameters": {
        "ports": [
          4194,
          10251,
          10252
        ]
      },
      "parameterNotes": {
        "ports": "ports that must be closed"
      },
      "tests": []
    },
    {
      "id": "kubernetes-local-ports-on-loopback",
      "title": "Health and metrics ports of Kubernetes components listen on loopback only",
      "severity": "medium",
      "pass": "!ports.listeners.exists(l, l.protocol == \"tcp\" && l.port in params.ports && l.scope in [\"any\", \"specific\"])",
      "evidence": "ports.listeners.filter(l, l.protocol == \"tcp\" && l.port in params.ports && l.scope in [\"any\", \"specific\"]).map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + (has(l.holders) && l.holders.size() > 0 ? \" by \" + l.holders.map(h, h.process).join(\", \") : \"\"))",
      "rationale": "Health and metrics of kubelet (10248), kube-proxy (10249), controller-manager (10257) and scheduler (10259) are read by the host itself. On the network they tell strangers the inner life of the cluster, 10248 and 10249 without any credentials.",
      "remediation": "Set `healthzBindAddress: 127.0.0.1` (kubelet), `metricsBindAddress: 127.0.0.1:10249` (kube-proxy) or `--bind-address=127.0.0.1` (controller-manager, scheduler). For Prometheus put an authenticating proxy in front, or allow its address alone in the firewall and take the port out of parameter `ports`.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "4.3.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "4.3.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "4.3.1"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1613"
        }
      ],
      "parameters": {
        "ports": [
          10248,
          10249,
          10257,
          10259
        ]
      },
      "parameterNotes": {
        "ports": "ports that belong on loopback"
      },
      "tests": []
    },
    {
      "id": "ldap-clients-not-installed",
      "title": "No LDAP client is installed",
      "severity": "low",
      "pass": "!packages.packages.exists(p, p.name in params.names && p.state != \"config-files\")",
      "evidence": "packages.packages.filter(p, p.name in params.names && p.state != \"config-files\").map(p, \"package \" + p.name + \" is installed\")",
      "rationale": "Whoever is on the host lists accounts, groups and machines of the whole organisation with them. Services that ask a directory bring libraries of their own.",
      "remediation": "`apt-get purge ldap-utils`, or `dnf remove openldap-clients`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.2.5"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1087.002"
        }
      ],
      "parameters": {
        "names": [
          "ldap-utils",
          "openldap-clients"
        ]
      },
      "parameterNotes": {
        "names": "packages that must not be installed"
      },
      "tests": []
    },
    {
      "id": "legacy-clients-not-installed",
      "title": "No client of a protocol without encryption is installed",
      "severity": "low",
      "pass": "!packages.packages.exists(p, p.name in params.names && p.state != \"config-files\")",
      "evidence": "packages.packages.filter(p, p.name in params.names && p.state != \"config-files\").map(p, \"package \" + p.name + \" is installed\")",
      "rationale": "Whoever types a password into telnet, ftp or rsh shows it to everybody on the way. What is not installed is not used.",
      "remediation": "`apt-get purge {{ packages.packages.filter(p, p.name in params.names && p.state != \"config-files\").map(p, p.name) }}`. Tests of open ports do with `nc` or `curl`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.2.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.2.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.2.3"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.2.4"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.2.6"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1040"
        }
      ],
      "parameters": {
        "names": [
          "telnet",
          "inetutils-telnet",
          "rsh-client",
          "rsh-redone-client",
          "rsh",
          "talk",
          "inetutils-talk",
          "ftp",
          "tnftp",
          "tftp",
          "tftp-hpa",
          "nis",
          "yp-tools",
          "ypbind"
        ]
      },
      "parameterNotes": {
        "names": "packages that must not be installed"
      },
      "tests": []
    },
    {
      "id": "legacy-network-protocols-unavailable",
      "title": "Legacy network protocols cannot be loaded",
      "severity": "low",
      "applies": "kernelModules.support == \"modular\"",
      "pass": "!kernelModules.modules.exists(x, x.name in params.modules && (x.loaded || x.loadable))",
      "evidence": "kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name + (has(x.loaded) && x.loaded ? \" is loaded\" : x.blacklisted ? \" can be loaded: a blacklist line does not stop modprobe or a dependency\" : \" can be loaded\"))",
      "rationale": "AppleTalk, IPX, X.25, DECnet, ATM, CAN and their like are code that nobody maintains with care and that unprivileged users can reach. A server has no peer that speaks them.",
      "remediation": "Forbid and unload them:\n\n```sh\nfor module in {{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}; do\n  printf 'install %s /bin/false\\nblacklist %s\\n' \"$module\" \"$module\"\ndone >> /etc/modprobe.d/gabion-legacy-protocols.conf\nmodprobe -r {{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}\n```\n\nWhat this host does need goes out of parameter `modules`.",
      "fix": [
        {
          "file": "/etc/modprobe.d/gabion-legacy-protocols.conf",
          "lines": [
            "install {{ params.modules }} /bin/false",
            "blacklist {{ params.modules }}"
          ]
        },
        {
          "run": [
            "modprobe",
            "-r",
            "{{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {
        "modules": [
          "af_802154",
          "appletalk",
          "atm",
          "can",
          "decnet",
          "econet",
          "ipx",
          "n_hdlc",
          "p8022",
          "p8023",
          "psnap",
          "x25"
        ]
      },
      "parameterNotes": {
        "modules": "modules that must not be loadable"
      },
      "tests": []
    },
    {
      "id": "legacy-servers-not-installed",
      "title": "No server of a protocol without encryption is installed",
      "severity": "medium",
      "pass": "!packages.packages.exists(p, p.name in params.names && p.state != \"config-files\")",
      "evidence": "packages.packages.filter(p, p.name in params.names && p.state != \"config-files\").map(p, \"package \" + p.name + \" is installed\")",
      "rationale": "Such a server needs one start, by a package script or by mistake, to take passwords in clear text from the network.",
      "remediation": "`apt-get purge {{ packages.packages.filter(p, p.name in params.names && p.state != \"config-files\").map(p, p.name) }}`",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1040"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1021"
        }
      ],
      "parameters": {
        "names": [
          "telnetd",
          "inetutils-telnetd",
          "telnet-server",
          "telnetd-ssl",
          "rsh-server",
          "rsh-redone-server",
          "talkd",
          "inetutils-talkd",
          "talk-server",
          "tftpd",
          "tftpd-hpa",
          "atftpd",
          "tftp-server",
          "ypserv",
          "xinetd",
          "openbsd-inetd",
          "inetutils-inetd",
          "fingerd",
          "cfingerd",
          "rwhod",
          "rwho"
        ]
      },
      "parameterNotes": {
        "names": "packages that must not be installed"
      },
      "tests": []
    },
    {
      "id": "line-disciplines-not-autoloaded",
      "title": "Terminals do not load kernel modules for users",
      "severity": "low",
      "applies": "sysctl.parameters.exists(p, p.name == \"dev.tty.ldisc_autoload\" && p.supported)",
      "pass": "sysctl.parameters.exists(p, p.name == \"dev.tty.ldisc_autoload\" && p.supported && int(p.live) == 0)",
      "evidence": "sysctl.parameters.filter(p, p.name == \"dev.tty.ldisc_autoload\").map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "Any user can otherwise have old line disciplines loaded by an ioctl; several of them had holes that gave root.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'dev.tty.ldisc_autoload = 0' > /etc/sysctl.d/60-gabion-line-disciplines.conf\nsysctl --system\n```",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-line-disciplines.conf",
          "lines": [
            "dev.tty.ldisc_autoload = 0"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-line-disciplines.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "links-in-shared-directories-protected",
      "title": "Links that others made in shared directories are not followed",
      "severity": "high",
      "pass": "!sysctl.parameters.exists(p, p.name in [\"fs.protected_hardlinks\", \"fs.protected_symlinks\"] && (!p.supported || (p.name == \"fs.protected_hardlinks\" && p.live != \"1\") || (p.name == \"fs.protected_symlinks\" && p.live != \"1\")))",
      "evidence": "sysctl.parameters.filter(p, has(p.live) && p.name in [\"fs.protected_hardlinks\", \"fs.protected_symlinks\"] && (!p.supported || (p.name == \"fs.protected_hardlinks\" && p.live != \"1\") || (p.name == \"fs.protected_symlinks\" && p.live != \"1\"))).map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "A link that a user plants in /tmp otherwise makes a program of root write or hand over a file of the user's choice.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'fs.protected_hardlinks = 1' 'fs.protected_symlinks = 1' > /etc/sysctl.d/60-gabion-links.conf\nsysctl --system\n```",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-links.conf",
          "lines": [
            "fs.protected_hardlinks = 1",
            "fs.protected_symlinks = 1"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-links.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1574"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "loaded-modules-signed",
      "title": "Every loaded module carries a signature",
      "severity": "medium",
      "applies": "kernelModules.support == \"modular\"",
      "pass": "!kernelModules.modules.exists(x, x.loaded && ((\"E\" in x.taints) || (\"F\" in x.taints)) && !(x.name in params.allowed))",
      "evidence": "kernelModules.modules.filter(x, has(x.loaded) && has(x.taints) && x.loaded && ((\"E\" in x.taints) || (\"F\" in x.taints)) && !(x.name in params.allowed)).map(x, x.name + (\"F\" in x.taints ? \" was forced in\" : \" is unsigned\"))",
      "rationale": "The kernel marks modules whose signature it does not know. One of those is a driver that somebody built here, or a rootkit.",
      "remediation": "Find the file with `modinfo -n {{ kernelModules.modules.filter(x, has(x.loaded) && has(x.taints) && x.loaded && ((\"E\" in x.taints) || (\"F\" in x.taints))).map(x, x.name) }}` and the package it belongs to. Sign your own drivers with a key of the machine owner list (DKMS does with `mok_signing_key`), name them in parameter `allowed`, or unload what nobody can explain.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1547.006"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1014"
        }
      ],
      "parameters": {
        "allowed": []
      },
      "parameterNotes": {
        "allowed": "names of modules that need no signature"
      },
      "tests": []
    },
    {
      "id": "locked-accounts-stay-locked",
      "title": "Locked accounts stay locked for a while",
      "severity": "low",
      "applies": "accounts.pamInstalled && accounts.accountLockout.exists(q, q.module != \"none\")",
      "pass": "accounts.accountLockout.all(q, q.module == \"none\" || (q.settings.unlockSeconds == 0 || q.settings.unlockSeconds >= params.minimum))",
      "evidence": "accounts.accountLockout.filter(q, q.module != \"none\" && has(q.settings) && !((q.settings.unlockSeconds == 0 || q.settings.unlockSeconds >= params.minimum))).map(q, q.service + \" unlocks after \" + string(q.settings.unlockSeconds) + \" seconds\")",
      "rationale": "A lock of a minute hardly slows down a program that has all night.",
      "remediation": "Set `unlock_time = 900` in /etc/security/faillock.conf, and see that no argument of `pam_faillock.so` says otherwise.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.3.1.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110"
        }
      ],
      "parameters": {
        "minimum": 900
      },
      "parameterNotes": {
        "minimum": "seconds for which an account stays locked"
      },
      "tests": []
    },
    {
      "id": "log-file-systems-noexec",
      "title": "Programs cannot be started from file systems of logs",
      "severity": "low",
      "pass": "files.mounts.all(m, !(m.path in params.paths) || !m.separate || m.noexec)",
      "evidence": "files.mounts.filter(m, m.path in params.paths && !(!m.separate || m.noexec)).map(m, m.path + \" is mounted without noexec\")",
      "rationale": "Services write there. A program that one of them was made to write is then only a file.",
      "remediation": "Add `noexec` to the options in /etc/fstab (or the mount unit) and run `mount -o remount,noexec {{ files.mounts.filter(m, m.path in params.paths && m.separate && !m.noexec).map(m, m.mountPoint) }}`, one at a time.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.6.4"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.7.4"
        }
      ],
      "parameters": {
        "paths": [
          "/var/log",
          "/var/log/audit"
        ]
      },
      "parameterNotes": {
        "paths": "directories that are judged"
      },
      "tests": []
    },
    {
      "id": "login-banners-written-by-root-only",
      "title": "Only root can change what is shown at login",
      "severity": "low",
      "pass": "files.paths.all(p, !(p.role == \"banner\") || p.writers.all(w, w in params.writers))",
      "evidence": "files.paths.filter(p, p.role == \"banner\" && has(p.writers) && p.writers.exists(w, !(w in params.writers))).map(p, p.path + \" can be changed by \" + p.writers.filter(w, !(w in params.writers)).join(\", \") + \" through \" + p.writableThrough)",
      "rationale": "What stands in a banner is believed: it asks for passwords where it wants to.",
      "remediation": "Take the right away where it is given: `chmod go-w {{ files.paths.filter(p, p.role == \"banner\" && has(p.writers) && p.writers.exists(w, !(w in params.writers))).map(p, p.writableThrough) }}`. Where the owner is not root, `chown root:root` it, unless a package means it to be so; then name it in parameter `writers`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.6.4"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.6.5"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.6.6"
        }
      ],
      "parameters": {
        "writers": []
      },
      "parameterNotes": {
        "writers": "who besides root may change them, as evidence names them: `user NAME`, `group NAME`"
      },
      "tests": []
    },
    {
      "id": "logs-and-homes-separate",
      "title": "Logs, variable data and homes are file systems of their own",
      "severity": "low",
      "pass": "files.mounts.all(m, !(m.path in params.paths) || m.separate)",
      "evidence": "files.mounts.filter(m, m.path in params.paths && !m.separate).map(m, m.path + \" is on the file system of \" + m.mountPoint)",
      "rationale": "A full log or home directory then does not stop the system, and each can be mounted with fewer rights.",
      "remediation": "Give each a file system of its own (a partition, a logical volume, or tmpfs for temporary files) and an entry in /etc/fstab; for /tmp, `systemctl enable tmp.mount` is enough where systemd brings the unit.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.3.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.4.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.6.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.7.1"
        }
      ],
      "parameters": {
        "paths": [
          "/home",
          "/var",
          "/var/log",
          "/var/log/audit"
        ]
      },
      "parameterNotes": {
        "paths": "directories that must be file systems of their own"
      },
      "tests": []
    },
    {
      "id": "logs-leave-the-host",
      "title": "Logs are kept on another host, too",
      "severity": "medium",
      "applies": "services.known.exists(s, s.name in [\"journald\", \"rsyslog\", \"syslog-ng\"] && s.installed)",
      "manual": "rsyslog (`omfwd` or `@@host` in `/etc/rsyslog.d`), systemd-journal-upload or an agent sends the logs of this host to another one, over TLS, and they arrive there.",
      "rationale": "Whoever becomes root on the host takes themselves out of its logs; those that have left tell what happened.",
      "remediation": "Send them: `action(type=\"omfwd\" target=\"HOST\" port=\"6514\" protocol=\"tcp\" StreamDriver=\"gtls\" StreamDriverMode=\"1\")` in `/etc/rsyslog.d/60-forward.conf`, or `systemctl enable --now systemd-journal-upload` with `URL=` and the three keys in `/etc/systemd/journal-upload.conf`, and raise an alarm for hosts that fall silent.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.1.2.1.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.1.2.1.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.1.2.1.3"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.1.3.6"
        },
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "2.13"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Audit logging and threat detection"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1070.002"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "logs-not-taken-from-others",
      "title": "The host takes no logs of other hosts",
      "severity": "low",
      "pass": "ports.listeners.all(l, l.scope == \"loopback\" || !(l.protocol in [\"tcp\", \"udp\"]) || !l.holders.exists(h, h.process in params.programs))",
      "evidence": "ports.listeners.filter(l, l.scope != \"loopback\" && l.protocol in [\"tcp\", \"udp\"] && has(l.holders) && l.holders.exists(h, h.process in params.programs)).map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + \" by \" + l.holders.map(h, h.process).join(\", \"))",
      "rationale": "Whoever reaches a log receiver writes what they like into the log, in the name of any host, or fills the disk until nothing is recorded.",
      "remediation": "rsyslog: take `imudp` and `imtcp` out of `/etc/rsyslog.conf` and `/etc/rsyslog.d`, then `systemctl restart rsyslog`. journald: `systemctl disable --now systemd-journal-remote.socket`. A host that is there to collect logs empties parameter `programs`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.1.2.1.4"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.1.3.7"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1499"
        }
      ],
      "parameters": {
        "programs": [
          "rsyslogd",
          "syslog-ng",
          "systemd-journal"
        ]
      },
      "parameterNotes": {
        "programs": "names of processes that take logs"
      },
      "tests": []
    },
    {
      "id": "logs-survive-reboot",
      "title": "Logs survive a reboot",
      "severity": "medium",
      "applies": "services.known.exists(s, s.name == \"journald\" && s.installed)",
      "pass": "services.journald.persistent || (services.known.exists(s, s.name in [\"rsyslog\", \"syslog-ng\"] && s.atBoot) && services.journald.storage != \"none\")",
      "evidence": "[\"journald keeps nothing on disk (Storage=\" + services.journald.storage + \"), and no other daemon writes logs\"]",
      "rationale": "An intruder who reboots the host, or a crash, otherwise takes the whole log along.",
      "remediation": "Set `Storage=persistent` in a file of `/etc/systemd/journald.conf.d`, then `systemctl restart systemd-journald`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.1.2.4"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1070.002"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "loopback-not-routed",
      "title": "Nobody from outside reaches services on 127.0.0.1",
      "severity": "high",
      "applies": "host.kubernetesRoles.size() == 0",
      "pass": "!sysctl.interfaces.exists(i, i.ipv4.routesLoopback)",
      "evidence": "sysctl.interfaces.filter(i, has(i.ipv4) && has(i.ipv6) && (i.ipv4.routesLoopback)).map(i, (i.name == \"default\" ? \"each new interface\" : i.name) + \" lets packets to 127.0.0.0/8 in\")",
      "rationale": "Services bound to loopback trust whoever reaches them. With route_localnet neighbours in the same network do.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'net.ipv4.conf.all.route_localnet = 0' 'net.ipv4.conf.default.route_localnet = 0' > /etc/sysctl.d/60-gabion-loopback.conf\nsysctl --system\n```\n\nkube-proxy sets it for NodePorts on 127.0.0.1 and guards it with a rule of its own: `iptables: localhostNodePorts: false` ends that.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1210"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "low-addresses-not-mappable",
      "title": "Programs cannot map the lowest addresses",
      "severity": "medium",
      "pass": "sysctl.parameters.exists(p, p.name == \"vm.mmap_min_addr\" && p.supported && int(p.live) >= params.minimum)",
      "evidence": "sysctl.parameters.filter(p, p.name == \"vm.mmap_min_addr\").map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "A null pointer in the kernel then hits nothing. Mapped by a user, it would be read as data of the attacker.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'vm.mmap_min_addr = 65536' > /etc/sysctl.d/60-gabion-low-addresses.conf\nsysctl --system\n```",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-low-addresses.conf",
          "lines": [
            "vm.mmap_min_addr = 65536"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-low-addresses.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {
        "minimum": 32768
      },
      "parameterNotes": {
        "minimum": "least value of vm.mmap_min_addr"
      },
      "tests": []
    },
    {
      "id": "machine-id-set",
      "title": "The host has a machine id of its own",
      "severity": "low",
      "pass": "host.gaps.exists(g, g.field == \"machineId\" && g.state != \"malformed\") ? unknown(\"/etc/machine-id could not be read\") : host.machineId.matches(\"^[0-9a-f]{32}$\") && !host.machineId.matches(\"^0+$\")",
      "evidence": "[\"machine-id is \" + (host.machineId == \"\" ? \"not set\" : host.machineId)]",
      "rationale": "Logs, DHCP leases and systemd tell hosts apart by it. Without one, or with one of zeros, two hosts get mixed up when it matters.",
      "remediation": "`systemd-machine-id-setup`, then reboot. In images leave `/etc/machine-id` empty so that each clone makes its own.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "magic-sysrq-restricted",
      "title": "The magic SysRq key does nothing dangerous",
      "severity": "low",
      "pass": "sysctl.parameters.exists(p, p.name == \"kernel.sysrq\" && (!p.supported || (int(p.live) != 1 && bitAnd(int(p.live), params.forbidden) == 0)))",
      "evidence": "sysctl.parameters.filter(p, p.name == \"kernel.sysrq\").map(p, \"kernel.sysrq is \" + p.live)",
      "rationale": "At the console, a serial line or a remote hand the key kills processes and prints memory without any login. Syncing and rebooting may stay.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'kernel.sysrq = 176' > /etc/sysctl.d/60-gabion-sysrq.conf\nsysctl --system\n```\n\n176 is sync, remount read-only and reboot; 0 is nothing. Parameter `forbidden` is the mask of bits that must be off.",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-sysrq.conf",
          "lines": [
            "kernel.sysrq = 176"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-sysrq.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1200"
        }
      ],
      "parameters": {
        "forbidden": 72
      },
      "parameterNotes": {
        "forbidden": "bits of kernel.sysrq that must be off"
      },
      "tests": []
    },
    {
      "id": "mail-access-server-off",
      "title": "No IMAP or POP3 server runs",
      "severity": "low",
      "pass": "!services.known.exists(s, s.name in [\"mail-access\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"mail-access\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "Mailboxes and their passwords belong on mail servers.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"mail-access\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"mail-access\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"mail-access\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.8"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1114"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "mail-server-local-only",
      "title": "The mail server takes mail from its own host only",
      "severity": "medium",
      "pass": "!ports.listeners.exists(l, l.scope != \"loopback\" && l.protocol in [\"tcp\", \"udp\"] && (string(l.port) + \"/\" + l.protocol) in params.services)",
      "evidence": "ports.listeners.filter(l, l.scope != \"loopback\" && l.protocol in [\"tcp\", \"udp\"] && (string(l.port) + \"/\" + l.protocol) in params.services).map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + (has(l.holders) && l.holders.size() > 0 ? \" by \" + l.holders.map(h, h.process).join(\", \") : \"\"))",
      "rationale": "Nearly every host only sends mail. A listening mail server invites relay attempts and brings its own history of remote holes.",
      "remediation": "Postfix: `postconf -e inet_interfaces=loopback-only` and restart it. Exim on Debian: set `dc_local_interfaces='127.0.0.1 ; ::1'` in `/etc/exim4/update-exim4.conf.conf`, run `update-exim4.conf` and restart.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.21"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.5.1"
        }
      ],
      "parameters": {
        "services": [
          "25/tcp",
          "465/tcp",
          "587/tcp"
        ]
      },
      "parameterNotes": {
        "services": "`port/protocol` of mail"
      },
      "tests": []
    },
    {
      "id": "mandatory-access-control-active",
      "title": "AppArmor, SELinux or another access control module is active",
      "severity": "high",
      "pass": "host.securityModules.exists(m, m in params.modules)",
      "evidence": "[\"active security modules: \" + (host.securityModules.size() == 0 ? \"none\" : host.securityModules.join(\", \"))]",
      "rationale": "File permissions stop nobody who runs as root or as the service that was taken over. Mandatory access control does, and the container runtimes count on it.",
      "remediation": "Debian, Ubuntu, SUSE: install apparmor and see that the kernel is not booted with apparmor=0 or an lsm= list without it. Red Hat: `SELINUX=enforcing` in `/etc/selinux/config` and no selinux=0. Reboot.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.3.1.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.3.1.1"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {
        "modules": [
          "apparmor",
          "selinux",
          "smack",
          "tomoyo"
        ]
      },
      "parameterNotes": {
        "modules": "security modules of which one must be active"
      },
      "tests": []
    },
    {
      "id": "martians-logged",
      "title": "Packets with impossible addresses are logged",
      "severity": "low",
      "pass": "!sysctl.interfaces.exists(i, !i.ipv4.logsMartians)",
      "evidence": "sysctl.interfaces.filter(i, has(i.ipv4) && has(i.ipv6) && (!i.ipv4.logsMartians)).map(i, (i.name == \"default\" ? \"each new interface\" : i.name) + \" does not log impossible addresses\")",
      "rationale": "Forged packets are a sign of somebody trying; without a line in the log nobody sees it.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'net.ipv4.conf.all.log_martians = 1' 'net.ipv4.conf.default.log_martians = 1' > /etc/sysctl.d/60-gabion-martians.conf\nsysctl --system\n```",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-martians.conf",
          "lines": [
            "net.ipv4.conf.all.log_martians = 1",
            "net.ipv4.conf.default.log_martians = 1"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-martians.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "3.3.9"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.006"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "modprobe-helper-genuine",
      "title": "The kernel loads modules with the system's modprobe",
      "severity": "high",
      "applies": "kernelModules.support == \"modular\"",
      "pass": "kernelModules.modprobePath in params.paths",
      "evidence": "[\"kernel.modprobe is \" + kernelModules.modprobePath]",
      "rationale": "The kernel runs this program as root whenever it misses a driver. Pointing it at a script is a classic last step of kernel exploits, and a quiet way to stay root.",
      "remediation": "Find out who changed it (`grep -r kernel.modprobe /etc/sysctl.d /run/sysctl.d /usr/lib/sysctl.d`), look at the program it names, then `sysctl -w kernel.modprobe=/sbin/modprobe`. If nobody did, treat the host as broken into.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1547.006"
        }
      ],
      "parameters": {
        "paths": [
          "/sbin/modprobe",
          "/usr/sbin/modprobe",
          "/usr/bin/modprobe",
          "/run/current-system/sw/bin/modprobe",
          ""
        ]
      },
      "parameterNotes": {
        "paths": "programs that the kernel may start; empty for none"
      },
      "tests": []
    },
    {
      "id": "module-loading-locked",
      "title": "Module loading is locked until reboot",
      "severity": "low",
      "applies": "kernelModules.support == \"modular\"",
      "pass": "kernelModules.loadingDisabled",
      "evidence": "[\"kernel.modules_disabled is 0\"]",
      "rationale": "On a host whose drivers are all loaded after boot nothing good comes later. The lock cannot be taken back without a reboot, not even by root, which stops kernel rootkits.",
      "remediation": "Load what is needed early, then set `kernel.modules_disabled = 1` as the last step of boot, from a oneshot unit ordered after `multi-user.target` rather than in sysctl.d, which is read too early. Not for nodes whose network plugin or storage driver loads modules on demand.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1547.006"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1014"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "name-discovery-not-exposed",
      "title": "The host does not answer multicast name lookups",
      "severity": "low",
      "pass": "!ports.listeners.exists(l, l.scope != \"loopback\" && l.protocol in [\"tcp\", \"udp\"] && (string(l.port) + \"/\" + l.protocol) in params.services)",
      "evidence": "ports.listeners.filter(l, l.scope != \"loopback\" && l.protocol in [\"tcp\", \"udp\"] && (string(l.port) + \"/\" + l.protocol) in params.services).map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + (has(l.holders) && l.holders.size() > 0 ? \" by \" + l.holders.map(h, h.process).join(\", \") : \"\"))",
      "rationale": "LLMNR, mDNS and SSDP make the host answer anybody on its network, and whoever answers faster can pass for another name. Servers find each other by DNS.",
      "remediation": "systemd-resolved: set `LLMNR=no` and `MulticastDNS=no` in `/etc/systemd/resolved.conf.d/90-no-multicast.conf` and restart it. Otherwise `systemctl disable --now avahi-daemon.service avahi-daemon.socket`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1557.001"
        }
      ],
      "parameters": {
        "services": [
          "1900/udp",
          "5353/udp",
          "5355/udp",
          "5355/tcp"
        ]
      },
      "parameterNotes": {
        "services": "`port/protocol` of name discovery"
      },
      "tests": []
    },
    {
      "id": "name-discovery-off",
      "title": "The host does not announce itself",
      "severity": "medium",
      "pass": "!services.known.exists(s, s.name in [\"avahi\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"avahi\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "mDNS tells all neighbours the name, addresses and services of the host, and resolves names to whoever answers first.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"avahi\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"avahi\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"avahi\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1046"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "new-passwords-differ-from-old",
      "title": "New passwords differ from the old ones",
      "severity": "low",
      "applies": "accounts.pamInstalled && accounts.passwordQuality.exists(q, q.module != \"none\")",
      "pass": "accounts.passwordQuality.all(q, q.module == \"none\" || q.settings.minDifferent >= params.minimum)",
      "evidence": "accounts.passwordQuality.filter(q, q.module != \"none\" && has(q.settings) && !(q.settings.minDifferent >= params.minimum)).map(q, q.service + \" asks for \" + string(q.settings.minDifferent) + \" new characters\")",
      "rationale": "Whoever knows an old password tries it with the next number behind it first.",
      "remediation": "Set `difok = 2` in /etc/security/pwquality.conf, and see that no argument of `pam_pwquality.so` says otherwise: an argument wins.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.3.2.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110"
        }
      ],
      "parameters": {
        "minimum": 2
      },
      "parameterNotes": {
        "minimum": "characters that the old password must not have"
      },
      "tests": []
    },
    {
      "id": "newest-kernel-runs",
      "title": "The newest installed kernel is the one that runs",
      "severity": "high",
      "applies": "packages.installedKernels.size() > 0",
      "pass": "packages.newerKernels.size() == 0 && packages.runningKernel in packages.installedKernels && (packages.kernelBuild.running == packages.kernelBuild.installed || packages.kernelBuild.running == \"\" || packages.kernelBuild.installed == \"\")",
      "evidence": "packages.newerKernels.map(k, \"kernel \" + k + \" is installed, \" + packages.runningKernel + \" runs\") + (packages.newerKernels.size() == 0 && !(packages.runningKernel in packages.installedKernels) ? [\"the running kernel \" + packages.runningKernel + \" is no longer installed\"] : []) + ((packages.kernelBuild.running == packages.kernelBuild.installed || packages.kernelBuild.running == \"\" || packages.kernelBuild.installed == \"\") ? [] : [\"package \" + packages.kernelBuild.installed + \" of the running release is installed, \" + packages.kernelBuild.running + \" runs\"])",
      "rationale": "A new kernel is installed to mend holes that let a user become root, or a container the host. It mends nothing until it runs.",
      "remediation": "Drain what runs here and reboot. Live patches count for nothing here: with them waive this check.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.2.2.1"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Upgrading and application security practices"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "nfs-server-off",
      "title": "No NFS server runs",
      "severity": "medium",
      "pass": "!services.known.exists(s, s.name in [\"nfs\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"nfs\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "Without Kerberos it believes the user ids that clients send, so root of any allowed client reads every file.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"nfs\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"nfs\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"nfs\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.9"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1135"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "nis-off",
      "title": "NIS is off",
      "severity": "high",
      "pass": "!services.known.exists(s, s.name in [\"nis\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"nis\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "It hands the table of users with their password hashes to everybody in the network and takes the answer of whoever is faster.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"nis\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"nis\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"nis\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.10"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1557"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "no-empty-passwords",
      "title": "No account has an empty password",
      "severity": "critical",
      "pass": "!accounts.users.exists(u, u.password.state == \"empty\")",
      "evidence": "accounts.users.filter(u, has(u.password) && u.password.state == \"empty\").map(u, \"user \" + u.name + \" needs no password\")",
      "rationale": "An empty password field lets anybody in at the console, through su, and over ssh where empty passwords are permitted.",
      "remediation": "Lock them: `for user in {{ accounts.users.filter(u, has(u.password) && u.password.state == \"empty\").map(u, u.name) }}; do passwd -l \"$user\"; done`, then set a password where one is needed.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.2.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1078.003"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "no-nis-entries",
      "title": "passwd, shadow and group have no NIS entries",
      "severity": "high",
      "pass": "accounts.legacyEntries.size() == 0",
      "evidence": "accounts.legacyEntries.map(e, e.path + \" has the line \" + e.entry)",
      "rationale": "A line that begins with + takes in accounts from NIS, which nothing authenticates, and on systems without NIS some programs took the plus for a user without a password.",
      "remediation": "Delete the lines with `vipw`, `vipw -s` and `vigr`, in {{ accounts.legacyEntries.map(e, e.path) }}.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1078"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "no-out-of-tree-modules",
      "title": "Only modules of the distribution's kernel are loaded",
      "severity": "low",
      "applies": "kernelModules.support == \"modular\"",
      "pass": "!kernelModules.modules.exists(x, x.loaded && ((\"O\" in x.taints) || (\"P\" in x.taints)) && !(x.name in params.allowed))",
      "evidence": "kernelModules.modules.filter(x, has(x.loaded) && has(x.taints) && x.loaded && ((\"O\" in x.taints) || (\"P\" in x.taints)) && !(x.name in params.allowed)).map(x, x.name + (\"P\" in x.taints ? \" is proprietary\" : \" is built outside of the kernel tree\"))",
      "rationale": "Out-of-tree drivers get no security fixes with the kernel package and few eyes. Each of them should be there for a reason somebody knows.",
      "remediation": "Name what is needed (zfs, nvidia, a vendor's network driver) in parameter `allowed`; remove the package of the rest and `modprobe -r` it.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.5.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1547.006"
        }
      ],
      "parameters": {
        "allowed": []
      },
      "parameterNotes": {
        "allowed": "names of modules that are meant to be loaded"
      },
      "tests": []
    },
    {
      "id": "no-plaintext-legacy-services",
      "title": "No plaintext legacy service is open to the network",
      "severity": "high",
      "pass": "!ports.listeners.exists(l, l.scope != \"loopback\" && (string(l.port) + \"/\" + l.protocol) in params.services && !(l.port == 514 && l.holders.exists(h, h.process in params.logReceivers)))",
      "evidence": "ports.listeners.filter(l, l.scope != \"loopback\" && (string(l.port) + \"/\" + l.protocol) in params.services && !(l.port == 514 && l.holders.exists(h, h.process in params.logReceivers))).map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + (has(l.holders) && l.holders.size() > 0 ? \" by \" + l.holders.map(h, h.process).join(\", \") : \"\"))",
      "rationale": "telnet, rsh, ftp, tftp, finger and the inetd toys send passwords and content in clear, and some of them amplify floods. ssh, sftp and https have replaced all of them.",
      "remediation": "Stop and disable {{ ports.listeners.filter(l, l.scope != \"loopback\" && (string(l.port) + \"/\" + l.protocol) in params.services && has(l.holders)).map(l, l.holders.map(h, h.unit == \"\" ? h.process : h.unit).join(\", \")) }} (`systemctl disable --now UNIT`), or comment its line out of `/etc/inetd.conf`, and remove the package. Use ssh or sftp.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.16"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.19"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.5.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1040"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1021"
        }
      ],
      "parameters": {
        "services": [
          "7/tcp",
          "7/udp",
          "9/tcp",
          "9/udp",
          "11/tcp",
          "13/tcp",
          "13/udp",
          "15/tcp",
          "17/tcp",
          "17/udp",
          "19/tcp",
          "19/udp",
          "21/tcp",
          "23/tcp",
          "37/tcp",
          "37/udp",
          "69/udp",
          "79/tcp",
          "512/tcp",
          "513/tcp",
          "514/tcp",
          "517/udp",
          "518/udp"
        ],
        "logReceivers": [
          "rsyslogd",
          "syslog-ng",
          "vector",
          "fluentd",
          "fluent-bit"
        ]
      },
      "parameterNotes": {
        "services": "`port/protocol` of services without encryption",
        "logReceivers": "programs that may listen on port 514, which syslog shares with rsh"
      },
      "tests": []
    },
    {
      "id": "no-unit-failed",
      "title": "No unit has failed",
      "severity": "low",
      "pass": "services.failedUnits.filter(u, !(u in params.except)).size() == 0",
      "evidence": "services.failedUnits.filter(u, !(u in params.except))",
      "rationale": "A failed unit is something that should be there and is not: a backup, a firewall, an update.",
      "remediation": "See why: `systemctl status {{ services.failedUnits.filter(u, !(u in params.except)) }}`.",
      "references": [],
      "parameters": {
        "except": []
      },
      "parameterNotes": {
        "except": "units that may have failed"
      },
      "tests": []
    },
    {
      "id": "no-unowned-files",
      "title": "Every file belongs to a user and a group that exist",
      "severity": "medium",
      "pass": "files.unowned.size() == 0",
      "evidence": "files.unowned.map(f, f.path + \" belongs to \" + (f.missing == \"group\" ? \"group \" + string(f.gid) : \"user \" + string(f.uid)) + \", which nobody has\")",
      "rationale": "The next user who gets that number gets the files, too: keys, mail, programs.",
      "remediation": "Give them to somebody with `chown`, or remove them: {{ files.unowned.map(f, f.path) }}",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.12"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "no-world-writable-files",
      "title": "No file can be written by everyone",
      "severity": "high",
      "pass": "files.worldWritableFiles.all(f, f in params.paths)",
      "evidence": "files.worldWritableFiles.filter(f, !(f in params.paths)).map(f, f + \" can be written by everyone\")",
      "rationale": "Whatever reads the file trusts everybody on the host. In a home directory it may be a list of keys that let in.",
      "remediation": "`chmod o-w {{ files.worldWritableFiles.filter(f, !(f in params.paths)) }}`",
      "fix": [
        {
          "paths": "{{ files.worldWritableFiles.filter(f, !(f in params.paths)) }}",
          "mode": "o-w"
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.11"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1222.002"
        }
      ],
      "parameters": {
        "paths": []
      },
      "parameterNotes": {
        "paths": "files that everyone may write"
      },
      "tests": []
    },
    {
      "id": "nodes-have-no-password-logins",
      "title": "Nobody logs in to a Kubernetes node with a password",
      "severity": "low",
      "applies": "host.kubernetesRoles.size() > 0",
      "pass": "!accounts.users.exists(u, u.interactive && u.uid != 0 && u.password.state == \"hash\" && !(u.name in params.allowed))",
      "evidence": "accounts.users.filter(u, has(u.password) && u.interactive && u.uid != 0 && u.password.state == \"hash\" && !(u.name in params.allowed)).map(u, \"user \" + u.name + \" can log in with a password\")",
      "rationale": "Nodes are cattle: people work through the API server, where roles and audit logs are. A password on a node is a way around both.",
      "remediation": "Lock them: `for user in {{ accounts.users.filter(u, has(u.password) && u.interactive && u.uid != 0 && u.password.state == \"hash\" && !(u.name in params.allowed)).map(u, u.name) }}; do passwd -l \"$user\"; done`. Keep one account for emergencies with an ssh key and name it in parameter `allowed`.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.5.4"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1078.003"
        }
      ],
      "parameters": {
        "allowed": []
      },
      "parameterNotes": {
        "allowed": "names of accounts that may have a password"
      },
      "tests": []
    },
    {
      "id": "old-passwords-not-reused",
      "title": "Passwords that one had before are refused",
      "severity": "low",
      "applies": "accounts.pamInstalled",
      "pass": "accounts.passwordHistory.size() > 0 && accounts.passwordHistory.all(h, h.module == \"pam_pwhistory\" && h.binding && h.settings.remember >= params.minimum)",
      "evidence": "accounts.passwordHistory.filter(h, h.module != \"pam_pwhistory\").map(h, h.service + (h.module == \"none\" ? \" remembers no passwords\" : \" leaves it to pam_unix to remember passwords\")) + accounts.passwordHistory.filter(h, h.module == \"pam_pwhistory\" && !h.binding).map(h, h.service + \" goes on when pam_pwhistory refuses\") + accounts.passwordHistory.filter(h, h.module == \"pam_pwhistory\" && has(h.settings) && h.settings.remember < params.minimum).map(h, h.service + \" remembers \" + string(h.settings.remember) + \" passwords\") + (accounts.passwordHistory.size() == 0 ? [\"no stack of PAM sets passwords\"] : [])",
      "rationale": "A password that was changed because it leaked should not come back. pam_unix keeps its memory with weak hashes, pam_pwhistory with strong ones.",
      "remediation": "Put `password required pam_pwhistory.so remember=24 use_authtok` between pam_pwquality and pam_unix in the password stack (`pam-auth-update`, or `authselect enable-feature with-pwhistory`).",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.2.4"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.3.3.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1078"
        }
      ],
      "parameters": {
        "minimum": 24
      },
      "parameterNotes": {
        "minimum": "passwords that are remembered at least"
      },
      "tests": []
    },
    {
      "id": "old-passwords-not-reused-by-root",
      "title": "Root does not set passwords again either",
      "severity": "low",
      "applies": "accounts.pamInstalled && accounts.passwordHistory.exists(q, q.module != \"none\")",
      "pass": "accounts.passwordHistory.all(q, q.module == \"none\" || q.settings.enforceForRoot)",
      "evidence": "accounts.passwordHistory.filter(q, q.module != \"none\" && has(q.settings) && !(q.settings.enforceForRoot)).map(q, q.service + \" lets root set old passwords again\")",
      "rationale": "A help desk that sets a password anew tends to set the same.",
      "remediation": "Set `enforce_for_root` in /etc/security/pwhistory.conf, or as an argument of `pam_pwhistory.so`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.3.3.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "one-firewall-manager-at-boot",
      "title": "One firewall manager starts at boot, not several",
      "severity": "medium",
      "pass": "[firewall.ufw.enabled && firewall.ufw.enabledAtBoot, firewall.firewalld.enabledAtBoot, firewall.nftablesAtBoot].filter(x, x).size() <= 1",
      "evidence": "[\"started at boot: \" + ((firewall.ufw.enabled && firewall.ufw.enabledAtBoot ? [\"ufw\"] : []) + (firewall.firewalld.enabledAtBoot ? [\"firewalld\"] : []) + (firewall.nftablesAtBoot ? [\"nftables\"] : [])).join(\", \")]",
      "rationale": "Each of them believes the tables are its own: nftables.service flushes what ufw wrote, and who comes last at boot wins. What holds after a reboot is then a matter of luck.",
      "remediation": "Keep one and disable the others: `systemctl disable --now firewalld`, `systemctl disable nftables`, or `ufw disable`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.1.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.2.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.3.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.4.1.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.4.1.3"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "one-time-daemon-at-boot",
      "title": "One time daemon alone sets the clock",
      "severity": "low",
      "pass": "services.known.filter(s, s.name in [\"chrony\", \"systemd-timesyncd\", \"ntp\"] && s.atBoot).size() <= 1",
      "evidence": "services.known.filter(s, s.name in [\"chrony\", \"systemd-timesyncd\", \"ntp\"] && has(s.atBoot) && s.atBoot).map(s, s.name + \" starts at boot\")",
      "rationale": "Two of them pull the clock to and fro, and each undoes what the other measured.",
      "remediation": "Keep one, and mask the others: `systemctl mask --now systemd-timesyncd`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.3.1.1"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "only-group-root-has-gid-0",
      "title": "Only the group root has gid 0",
      "severity": "medium",
      "pass": "!accounts.groups.exists(g, g.gid == 0 && g.name != \"root\")",
      "evidence": "accounts.groups.filter(g, g.gid == 0 && g.name != \"root\").map(g, \"group \" + g.name + \" has gid 0\" + (g.members.size() > 0 ? \", with \" + g.members.join(\", \") : \"\"))",
      "rationale": "A second name for gid 0 makes its members members of root's group without looking so.",
      "remediation": "`groupmod --gid NEW NAME`, or delete the line with `vigr`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.4.2.3"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "only-root-has-gid-0",
      "title": "Group root is the primary group of root alone",
      "severity": "medium",
      "pass": "!accounts.users.exists(u, u.gid == 0 && u.name != \"root\" && u.uid != 0 && !(u.name in params.allowed))",
      "evidence": "accounts.users.filter(u, u.gid == 0 && u.name != \"root\" && u.uid != 0 && !(u.name in params.allowed)).map(u, \"user \" + u.name + \" has gid 0\")",
      "rationale": "Much of the system is readable, and some of it writable, for group 0. What the account creates belongs to that group as well.",
      "remediation": "Give them a group of their own: `for user in {{ accounts.users.filter(u, u.gid == 0 && u.name != \"root\" && u.uid != 0 && !(u.name in params.allowed)).map(u, u.name) }}; do groupadd \"$user\"; usermod --gid \"$user\" \"$user\"; done`",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.4.2.2"
        }
      ],
      "parameters": {
        "allowed": [
          "sync",
          "shutdown",
          "halt",
          "operator"
        ]
      },
      "parameterNotes": {
        "allowed": "names of accounts that may have it"
      },
      "tests": []
    },
    {
      "id": "only-root-has-uid-0",
      "title": "Only root has uid 0",
      "severity": "critical",
      "pass": "!accounts.users.exists(u, u.uid == 0 && u.name != \"root\")",
      "evidence": "accounts.users.filter(u, u.uid == 0 && u.name != \"root\").map(u, \"user \" + u.name + \" has uid 0\")",
      "rationale": "The kernel knows numbers only: a second account with uid 0 is root under another name, with another password and out of sight of everything that watches root.",
      "remediation": "Find out what {{ accounts.users.filter(u, u.uid == 0 && u.name != \"root\").map(u, u.name) }} is for. Then give it a uid of its own with `usermod --uid NEW`, or delete the line in /etc/passwd with `vipw`: `userdel` would take the processes of uid 0 for its own.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.4.2.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1136.001"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1078.003"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "os-release-supported",
      "title": "The operating system still gets security updates",
      "severity": "high",
      "applies": "host.os.versionId != \"\"",
      "pass": "host.os.supportEndsOn == \"unknown\" ? unknown(\"the end of support of \" + host.os.name + \" is not known\") : now < date(host.os.supportEndsOn) + duration(\"24h\")",
      "evidence": "[\"support of \" + host.os.name + \" ended on \" + host.os.supportEndsOn]",
      "rationale": "After that day holes are published and not mended. Nothing else on this list makes up for it.",
      "remediation": "Move to a supported release. Extended support that was bought (ELTS, Ubuntu Pro, ESU) is a waiver with its own end date.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.5.3"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Upgrading and application security practices"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1190"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "os-support-lasts",
      "title": "The end of the operating system's support is not near",
      "severity": "low",
      "applies": "host.os.versionId != \"\" && host.os.supportEndsOn != \"unknown\" && now < date(host.os.supportEndsOn) + duration(\"24h\")",
      "pass": "now < date(host.os.supportEndsOn) - duration(string(params.days * 24) + \"h\")",
      "evidence": "[\"support of \" + host.os.name + \" ends on \" + host.os.supportEndsOn]",
      "rationale": "An upgrade of a fleet takes months. This is the time to begin.",
      "remediation": "Plan the move to the next release; try it on one host of each kind first.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.5.3"
        }
      ],
      "parameters": {
        "days": 180
      },
      "parameterNotes": {
        "days": "days before the end of support from which on it fails"
      },
      "tests": []
    },
    {
      "id": "package-lists-fresh",
      "title": "The lists of available packages are fresh",
      "severity": "medium",
      "pass": "packages.observations.metadataRefreshedAt != \"\" && daysSince(packages.observations.metadataRefreshedAt) <= params.maximumDays",
      "evidence": "[packages.observations.metadataRefreshedAt == \"\" ? \"no lists of packages are here\" : \"lists of packages were last fetched at \" + packages.observations.metadataRefreshedAt]",
      "rationale": "A host that fetches no lists hears of no security update: it installs nothing, and says that there is nothing to install.",
      "remediation": "`apt-get update`, `dnf makecache` or `apk update`, and look why the timer did not: `systemctl list-timers apt-daily.timer dnf-makecache.timer`. Hosts that are replaced instead of upgraded waive this check.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.2.2.1"
        }
      ],
      "parameters": {
        "maximumDays": 7
      },
      "parameterNotes": {
        "maximumDays": "most days since the lists were fetched"
      },
      "tests": []
    },
    {
      "id": "package-sources-trusted",
      "title": "Packages come from sources that somebody chose, and their keys are known",
      "severity": "high",
      "applies": "packages.manager in [\"dpkg\", \"rpm\"]",
      "manual": "`apt-cache policy` (Red Hat: `dnf repolist -v`) names only sources that the host is meant to have, each signed (`signed-by=` or `gpgcheck=1`), and the keys in `/etc/apt/trusted.gpg.d`, `/etc/apt/keyrings` or of `rpm -q gpg-pubkey` are those of their makers.",
      "rationale": "Whoever runs a source, or holds a key that is trusted for all of them, puts programs of root on the host with the next upgrade.",
      "remediation": "Take sources that nobody needs out of `/etc/apt/sources.list.d` or `/etc/yum.repos.d`, bind each key to its source with `signed-by=`, and remove keys that nobody can explain.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.2.1.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.2.1.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1195.002"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "packages-completely-installed",
      "title": "No package is half installed",
      "severity": "medium",
      "pass": "!packages.packages.exists(p, p.state in [\"half-installed\", \"unpacked\", \"half-configured\", \"triggers-awaited\", \"triggers-pending\"])",
      "evidence": "packages.packages.filter(p, p.state in [\"half-installed\", \"unpacked\", \"half-configured\", \"triggers-awaited\", \"triggers-pending\"]).map(p, p.name + \" \" + p.version + \" is \" + p.state)",
      "rationale": "An upgrade that stopped halfway leaves files of two versions, and apt installs nothing more until it is mended: security updates neither.",
      "remediation": "`dpkg --configure -a`, then `apt-get --fix-broken install`",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.2.2.1"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "packages-not-held-back",
      "title": "No package is kept from upgrades",
      "severity": "low",
      "pass": "!packages.packages.exists(p, p.state == \"held\" && !(p.name in params.exceptions))",
      "evidence": "packages.packages.filter(p, p.state == \"held\" && !(p.name in params.exceptions)).map(p, p.name + \" \" + p.version + \" is held\")",
      "rationale": "A package on hold gets no security updates either, mostly long after the reason for it is gone.",
      "remediation": "`apt-mark unhold {{ packages.packages.filter(p, p.state == \"held\" && !(p.name in params.exceptions)).map(p, p.name) }}`. What is upgraded by hand, one version at a time, goes into parameter `exceptions`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.2.2.1"
        }
      ],
      "parameters": {
        "exceptions": [
          "kubeadm",
          "kubectl",
          "kubelet",
          "kubernetes-cni",
          "cri-tools",
          "containerd.io",
          "docker-ce",
          "docker-ce-cli"
        ]
      },
      "parameterNotes": {
        "exceptions": "packages that are upgraded by hand"
      },
      "tests": []
    },
    {
      "id": "packet-filter-comes-back-after-reboot",
      "title": "What filters incoming traffic now does so after a reboot",
      "severity": "high",
      "applies": "firewall.live.filtersInput && !firewall.ufw.enabled",
      "pass": "firewall.firewalld.enabledAtBoot || firewall.nftablesAtBoot || services.startedAtBoot.exists(u, u in params.units)",
      "evidence": "[\"rules are in the kernel, and neither firewalld nor nftables nor \" + params.units.join(\" nor \") + \" starts at boot\"]",
      "rationale": "Rules that somebody typed in are gone after the next reboot, which is when nobody looks.",
      "remediation": "Write down what is loaded and have it loaded at boot: `nft list ruleset > /etc/nftables.conf` and `systemctl enable nftables`; with iptables, `apt install iptables-persistent` and `netfilter-persistent save`. Programs that bring their rules by themselves at boot go into parameter `units`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.3.10"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.004"
        }
      ],
      "parameters": {
        "units": [
          "netfilter-persistent.service",
          "iptables.service",
          "ip6tables.service",
          "shorewall.service",
          "ferm.service"
        ]
      },
      "parameterNotes": {
        "units": "units that bring rules at boot"
      },
      "tests": []
    },
    {
      "id": "pam-hashes-strong",
      "title": "pam_unix hashes new passwords with a strong method",
      "severity": "high",
      "applies": "accounts.pamInstalled",
      "pass": "!accounts.pamModules.exists(m, m.type == \"password\" && m.module == \"pam_unix\" && m.arguments.exists(a, a in params.weak))",
      "evidence": "accounts.pamModules.filter(m, m.type == \"password\" && m.module == \"pam_unix\" && m.arguments.exists(a, a in params.weak)).map(m, \"pam_unix of \" + m.service + \" is told \" + m.arguments.filter(a, a in params.weak)[0])",
      "rationale": "What pam_unix is told goes over ENCRYPT_METHOD of /etc/login.defs: every new password gets the weak hash.",
      "remediation": "Replace the word on the password line of `pam_unix.so` by `yescrypt` (`sha512` where that is not known), and have passwords set anew.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.3.4.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110.002"
        }
      ],
      "parameters": {
        "weak": [
          "md5",
          "bigcrypt",
          "sha256"
        ]
      },
      "parameterNotes": {
        "weak": "arguments of pam_unix that make weak hashes"
      },
      "tests": []
    },
    {
      "id": "pam-refuses-empty-passwords",
      "title": "PAM takes no empty passwords",
      "severity": "medium",
      "applies": "accounts.pamInstalled",
      "pass": "accounts.nullokServices.size() == 0",
      "evidence": "accounts.nullokServices.map(s, s + \" takes empty passwords\")",
      "rationale": "With `nullok` an account without a password, made by a slip of `passwd -d` or of an image, lets anybody in.",
      "remediation": "Take `nullok` from the lines of `pam_unix.so`: in /usr/share/pam-configs/unix and then `pam-auth-update`, or `authselect enable-feature without-nullok`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.3.4.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1078.003"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "pam-unix-in-every-stack",
      "title": "pam_unix takes part in logins, accounts, passwords and sessions",
      "severity": "low",
      "applies": "accounts.pamInstalled",
      "pass": "params.types.all(t, accounts.pamModules.exists(m, m.type == t && m.module == \"pam_unix\")) || (accounts.gaps.exists(g, g.field == \"pamModules\") && unknown(\"a stack of PAM could not be read\"))",
      "evidence": "params.types.filter(t, !accounts.pamModules.exists(m, m.type == t && m.module == \"pam_unix\")).map(t, \"no stack asks pam_unix for \" + t)",
      "rationale": "What /etc/shadow says of an account, that it expired or that its password must change, is asked by pam_unix. Where it is missing, another module lets in whom the host has locked out.",
      "remediation": "`pam-auth-update --enable unix` on Debian and Ubuntu, `authselect select sssd` or another profile on Red Hat. Hosts that keep no passwords of their own take types out of parameter `types`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.2.1"
        }
      ],
      "parameters": {
        "types": [
          "auth",
          "account",
          "password",
          "session"
        ]
      },
      "parameterNotes": {
        "types": "what pam_unix is to be asked for"
      },
      "tests": []
    },
    {
      "id": "pam-unix-remembers-no-passwords",
      "title": "pam_unix keeps no list of old passwords of its own",
      "severity": "low",
      "applies": "accounts.pamInstalled",
      "pass": "!accounts.pamModules.exists(m, m.module == \"pam_unix\" && m.arguments.exists(a, a.startsWith(\"remember=\")))",
      "evidence": "accounts.pamModules.filter(m, m.module == \"pam_unix\" && m.arguments.exists(a, a.startsWith(\"remember=\"))).map(m, \"pam_unix of \" + m.service + \" is told \" + m.arguments.filter(a, a.startsWith(\"remember=\"))[0])",
      "rationale": "Its list of old hashes is made with MD5, which a stolen list is guessed from in no time. pam_pwhistory keeps them as strong as the passwords.",
      "remediation": "Take `remember=` from the lines of `pam_unix.so`, and have `pam_pwhistory.so` remember instead.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.3.4.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110.002"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "password-changes-not-in-the-future",
      "title": "No password was changed in the future",
      "severity": "low",
      "pass": "!accounts.users.exists(u, u.password.state == \"hash\" && !(u.password.changedOn in [\"\", \"forced\"]) && date(u.password.changedOn) > now)",
      "evidence": "accounts.users.filter(u, has(u.password) && u.password.state == \"hash\" && !(u.password.changedOn in [\"\", \"forced\"]) && date(u.password.changedOn) > now).map(u, \"the password of \" + u.name + \" was changed on \" + u.password.changedOn)",
      "rationale": "A date ahead keeps a password from ever expiring, by accident when the clock was wrong, or on purpose.",
      "remediation": "See that the clock is right (`timedatectl`), then have new passwords set: `for user in {{ accounts.users.filter(u, has(u.password) && u.password.state == \"hash\" && !(u.password.changedOn in [\"\", \"forced\"]) && date(u.password.changedOn) > now).map(u, u.name) }}; do chage -d 0 \"$user\"; done`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.4.1.6"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "password-hashes-read-by-root-only",
      "title": "Only root and group shadow can read password hashes",
      "severity": "critical",
      "pass": "files.paths.all(p, p.role != \"secret\" || p.readers.all(r, r in params.readers))",
      "evidence": "files.paths.filter(p, p.role == \"secret\" && has(p.readers) && p.readers.exists(r, !(r in params.readers))).map(p, p.path + \" can be read by \" + p.readers.filter(r, !(r in params.readers)).join(\", \"))",
      "rationale": "A hash that can be read is guessed at leisure, on another machine and without a trace in any log. Backups of the files hold the same hashes.",
      "remediation": "`chmod 0640 {{ files.paths.filter(p, p.role == \"secret\" && has(p.readers) && p.readers.exists(r, !(r in params.readers))).map(p, p.path) }}` and `chown root:shadow` them (root:root where there is no group shadow); then have passwords changed that others could read.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.5"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.6"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.7"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.8"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.10"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1003.008"
        }
      ],
      "parameters": {
        "readers": [
          "group shadow"
        ]
      },
      "parameterNotes": {
        "readers": "who besides root may read them, as evidence names them: `user NAME`, `group NAME`"
      },
      "tests": []
    },
    {
      "id": "password-hashes-strong",
      "title": "No usable password has a weak hash",
      "severity": "high",
      "pass": "!accounts.users.exists(u, u.password.state == \"hash\" && u.password.hash in params.methods)",
      "evidence": "accounts.users.filter(u, has(u.password) && u.password.state == \"hash\" && u.password.hash in params.methods).map(u, \"user \" + u.name + \" has a password hashed with \" + u.password.hash)",
      "rationale": "DES and MD5 hashes of ordinary passwords fall in hours on one graphics card. One copy of /etc/shadow, from a backup say, is then a list of passwords.",
      "remediation": "Set `ENCRYPT_METHOD YESCRYPT` in /etc/login.defs (SHA512 on older systems), see that pam_unix names it too, and have new passwords set: `for user in {{ accounts.users.filter(u, has(u.password) && u.password.state == \"hash\" && u.password.hash in params.methods).map(u, u.name) }}; do chage -d 0 \"$user\"; done`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.4.1.4"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.3.4.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110.002"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1003.008"
        }
      ],
      "parameters": {
        "methods": [
          "des",
          "md5",
          "sunmd5",
          "nt"
        ]
      },
      "parameterNotes": {
        "methods": "methods that count as weak"
      },
      "tests": []
    },
    {
      "id": "password-hashing-strong",
      "title": "New passwords are hashed with a strong method",
      "severity": "medium",
      "pass": "accounts.loginDefs.encryptMethod in params.methods",
      "evidence": "[accounts.loginDefs.encryptMethod == \"\" ? \"ENCRYPT_METHOD is not set\" : \"ENCRYPT_METHOD is \" + accounts.loginDefs.encryptMethod]",
      "rationale": "The method decides how long a copied /etc/shadow resists guessing. yescrypt and SHA-512 slow it down; what older defaults left behind does not.",
      "remediation": "Set `ENCRYPT_METHOD YESCRYPT` in /etc/login.defs (SHA512 where yescrypt is not known) and the same word on the pam_unix line of `/etc/pam.d/common-password` or `system-auth`. Passwords change over when they are next set.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.4.1.4"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110.002"
        }
      ],
      "parameters": {
        "methods": [
          "YESCRYPT",
          "yescrypt",
          "SHA512",
          "sha512",
          "BCRYPT",
          "bcrypt"
        ]
      },
      "parameterNotes": {
        "methods": "values of ENCRYPT_METHOD that count as strong"
      },
      "tests": []
    },
    {
      "id": "password-maximum-age-applied",
      "title": "Every password has a maximum age",
      "severity": "low",
      "pass": "!accounts.users.exists(u, u.interactive && u.password.state == \"hash\" && !(u.name in params.allowed) && (u.password.maxDays < 1 || u.password.maxDays > params.days))",
      "evidence": "accounts.users.filter(u, has(u.password) && u.interactive && u.password.state == \"hash\" && !(u.name in params.allowed) && (u.password.maxDays < 1 || u.password.maxDays > params.days)).map(u, \"the password of \" + u.name + (u.password.maxDays < 0 || u.password.maxDays >= 99999 ? \" never expires\" : \" expires after \" + string(u.password.maxDays) + \" days\"))",
      "rationale": "login.defs counts when an account is made. Accounts from before, and those of images, keep what they had then.",
      "remediation": "`for user in {{ accounts.users.filter(u, has(u.password) && u.interactive && u.password.state == \"hash\" && !(u.name in params.allowed) && (u.password.maxDays < 1 || u.password.maxDays > params.days)).map(u, u.name) }}; do chage --maxdays {{ params.days }} \"$user\"; done`",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.4.1.1"
        }
      ],
      "parameters": {
        "days": 365,
        "allowed": []
      },
      "parameterNotes": {
        "days": "most days that a password may last",
        "allowed": "names of users whose passwords may last"
      },
      "tests": []
    },
    {
      "id": "password-maximum-age-set",
      "title": "New accounts get a maximum password age",
      "severity": "low",
      "pass": "accounts.loginDefs.passMaxDays >= 1 && accounts.loginDefs.passMaxDays <= params.days",
      "evidence": "[accounts.loginDefs.passMaxDays < 0 ? \"PASS_MAX_DAYS is not set\" : \"PASS_MAX_DAYS is \" + string(accounts.loginDefs.passMaxDays)]",
      "rationale": "Where passwords are still used, a maximum age closes forgotten accounts and makes stolen passwords useless in time. A year is enough; less makes people count upwards.",
      "remediation": "Set `PASS_MAX_DAYS 365` in /etc/login.defs. It holds for new accounts; change those there are with `chage --maxdays 365 USER`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.4.1.1"
        }
      ],
      "parameters": {
        "days": 365
      },
      "parameterNotes": {
        "days": "most days that a password may last"
      },
      "tests": []
    },
    {
      "id": "password-minimum-age-set",
      "title": "New accounts get a minimum password age",
      "severity": "low",
      "pass": "accounts.loginDefs.passMinDays >= params.days",
      "evidence": "[accounts.loginDefs.passMinDays < 0 ? \"PASS_MIN_DAYS is not set\" : \"PASS_MIN_DAYS is \" + string(accounts.loginDefs.passMinDays)]",
      "rationale": "Without it somebody walks through the password history in a minute and is back at the old one.",
      "remediation": "Set `PASS_MIN_DAYS 1` in /etc/login.defs, and `chage --mindays 1 USER` for those there are.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.4.1.2"
        }
      ],
      "parameters": {
        "days": 1
      },
      "parameterNotes": {
        "days": "least days between changes"
      },
      "tests": []
    },
    {
      "id": "password-minimum-length",
      "title": "New passwords are long",
      "severity": "medium",
      "applies": "accounts.pamInstalled",
      "pass": "accounts.passwordQuality.all(q, q.settings.minLength >= params.minimum)",
      "evidence": "accounts.passwordQuality.filter(q, has(q.settings) && !(q.settings.minLength >= params.minimum)).map(q, q.service + (q.module == \"none\" ? \" has no module that asks for a length\" : \" takes passwords of \" + string(q.settings.minLength) + \" characters\"))",
      "rationale": "Each character makes a password many times as costly to guess, whatever it is. What Linux asks without a setting dates from slower machines.",
      "remediation": "Set `minlen = 14` in /etc/security/pwquality.conf, and see that no argument of `pam_pwquality.so` says otherwise: an argument wins.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.3.2.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110"
        }
      ],
      "parameters": {
        "minimum": 14
      },
      "parameterNotes": {
        "minimum": "characters that a password has at least"
      },
      "tests": []
    },
    {
      "id": "password-quality-checked",
      "title": "New passwords are checked for their quality",
      "severity": "medium",
      "applies": "accounts.pamInstalled",
      "pass": "accounts.passwordQuality.size() > 0 && accounts.passwordQuality.all(q, q.module != \"none\" && q.binding && q.settings.enforcing)",
      "evidence": "accounts.passwordQuality.filter(q, q.module == \"none\").map(q, q.service + \" has no module that looks at new passwords\") + accounts.passwordQuality.filter(q, q.module != \"none\" && !q.binding).map(q, q.service + \" goes on when \" + q.module + \" refuses\") + accounts.passwordQuality.filter(q, q.module != \"none\" && has(q.settings) && !q.settings.enforcing).map(q, q.service + \" only warns of bad passwords\") + (accounts.passwordQuality.size() == 0 ? [\"no stack of PAM sets passwords\"] : [])",
      "rationale": "Without a module that looks at them, `password1` is a password. Guessing such over ssh or from a copied /etc/shadow takes minutes.",
      "remediation": "Install `libpam-pwquality` (Debian, Ubuntu) or `libpwquality` (Red Hat), keep `pam_pwquality.so` as `requisite` before pam_unix in the password stack (`pam-auth-update`, `authselect`), and leave `enforcing` at 1 in /etc/security/pwquality.conf.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.1.3"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.2.3"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.3.2.7"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "password-quality-checked-for-root",
      "title": "Passwords that root sets are checked, too",
      "severity": "low",
      "applies": "accounts.pamInstalled && accounts.passwordQuality.exists(q, q.module != \"none\")",
      "pass": "accounts.passwordQuality.all(q, q.module == \"none\" || q.settings.enforceForRoot)",
      "evidence": "accounts.passwordQuality.filter(q, q.module != \"none\" && has(q.settings) && !(q.settings.enforceForRoot)).map(q, q.service + \" only warns root\")",
      "rationale": "Accounts begin with a password that an administrator sets, and many keep it.",
      "remediation": "Set `enforce_for_root` in /etc/security/pwquality.conf, and see that no argument of `pam_pwquality.so` says otherwise: an argument wins.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.3.2.8"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "password-warning-set",
      "title": "Users are warned before their password expires",
      "severity": "low",
      "pass": "accounts.loginDefs.passWarnAge >= params.days",
      "evidence": "[accounts.loginDefs.passWarnAge < 0 ? \"PASS_WARN_AGE is not set\" : \"PASS_WARN_AGE is \" + string(accounts.loginDefs.passWarnAge)]",
      "rationale": "A password that expires without a word locks the administrator out at the worst hour.",
      "remediation": "Set `PASS_WARN_AGE 7` in /etc/login.defs, and `chage --warndays 7 USER` for those there are.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.4.1.3"
        }
      ],
      "parameters": {
        "days": 7
      },
      "parameterNotes": {
        "days": "least days of warning"
      },
      "tests": []
    },
    {
      "id": "passwords-not-from-dictionary",
      "title": "New passwords are no words of the dictionary",
      "severity": "medium",
      "applies": "accounts.pamInstalled && accounts.passwordQuality.exists(q, q.module != \"none\")",
      "pass": "accounts.passwordQuality.all(q, q.module == \"none\" || q.settings.dictionary)",
      "evidence": "accounts.passwordQuality.filter(q, q.module != \"none\" && has(q.settings) && !(q.settings.dictionary)).map(q, q.service + \" takes words of the dictionary\")",
      "rationale": "Words, and words with digits for letters, are what guessing begins with.",
      "remediation": "Set `dictcheck = 1` in /etc/security/pwquality.conf, and see that no argument of `pam_pwquality.so` says otherwise: an argument wins.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.3.2.6"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "passwords-without-runs",
      "title": "New passwords have no runs of equal or neighbouring characters",
      "severity": "low",
      "applies": "accounts.pamInstalled && accounts.passwordQuality.exists(q, q.module != \"none\")",
      "pass": "accounts.passwordQuality.all(q, q.module == \"none\" || q.settings.maxRepeat >= 1 && q.settings.maxRepeat <= params.maximum && q.settings.maxSequence >= 1 && q.settings.maxSequence <= params.maximum)",
      "evidence": "accounts.passwordQuality.filter(q, q.module != \"none\" && has(q.settings) && !(q.settings.maxRepeat >= 1 && q.settings.maxRepeat <= params.maximum && q.settings.maxSequence >= 1 && q.settings.maxSequence <= params.maximum)).map(q, q.service + \" has maxrepeat \" + string(q.settings.maxRepeat) + \" and maxsequence \" + string(q.settings.maxSequence) + \" (0 is any)\")",
      "rationale": "`aaaaaaaa1234567` is long and guessed at once: programs that guess passwords begin with such runs.",
      "remediation": "Set `maxrepeat = 3` and `maxsequence = 3` in /etc/security/pwquality.conf, and see that no argument of `pam_pwquality.so` says otherwise: an argument wins.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.3.2.4"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.3.2.5"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110"
        }
      ],
      "parameters": {
        "maximum": 3
      },
      "parameterNotes": {
        "maximum": "characters that such a run may have"
      },
      "tests": []
    },
    {
      "id": "perf-events-restricted",
      "title": "Performance events are for root only",
      "severity": "low",
      "pass": "sysctl.parameters.exists(p, p.name == \"kernel.perf_event_paranoid\" && p.supported && int(p.live) >= params.minimum)",
      "evidence": "sysctl.parameters.filter(p, p.name == \"kernel.perf_event_paranoid\").map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "Performance counters are a large and often broken part of the kernel, and they measure what other users do.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'kernel.perf_event_paranoid = 3' > /etc/sysctl.d/60-gabion-perf.conf\nsysctl --system\n```\n\nOnly Debian, Ubuntu and Android kernels know values above 2.",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-perf.conf",
          "lines": [
            "kernel.perf_event_paranoid = 3"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-perf.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {
        "minimum": 2
      },
      "parameterNotes": {
        "minimum": "least value of kernel.perf_event_paranoid"
      },
      "tests": []
    },
    {
      "id": "pki-certificates-mode",
      "title": "Certificates of the cluster are writable by root only",
      "severity": "medium",
      "applies": "controlPlane.files.exists(f, f.role == \"pki-certificate\" && f.state != \"absent\")",
      "pass": "controlPlane.files.all(f, !(f.role == \"pki-certificate\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "controlPlane.files.filter(f, f.role == \"pki-certificate\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "Certificates are no secrets, but who can write a CA decides whom the cluster trusts.",
      "remediation": "`chmod {{ params.maxMode }} {{ controlPlane.files.filter(f, f.role == \"pki-certificate\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made, or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ controlPlane.files.filter(f, f.role == \"pki-certificate\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.20"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.20"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.20"
        }
      ],
      "parameters": {
        "maxMode": "0644"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "pki-files-owner",
      "title": "Keys and certificates of the cluster belong to root",
      "severity": "high",
      "applies": "controlPlane.files.exists(f, (f.role == \"pki-key\" || f.role == \"pki-certificate\" || f.role == \"pki-directory\" || f.role == \"pki-other\") && f.state != \"absent\")",
      "pass": "controlPlane.files.all(f, !((f.role == \"pki-key\" || f.role == \"pki-certificate\" || f.role == \"pki-directory\" || f.role == \"pki-other\")) || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : f.uid == 0 && f.gid == 0))",
      "evidence": "controlPlane.files.filter(f, (f.role == \"pki-key\" || f.role == \"pki-certificate\" || f.role == \"pki-directory\" || f.role == \"pki-other\") && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path + \" belongs to uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "Whoever owns a file can change its mode and its content, whatever the mode says now.",
      "remediation": "`chown root:root {{ controlPlane.files.filter(f, (f.role == \"pki-key\" || f.role == \"pki-certificate\" || f.role == \"pki-directory\" || f.role == \"pki-other\") && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}`",
      "fix": [
        {
          "paths": "{{ controlPlane.files.filter(f, (f.role == \"pki-key\" || f.role == \"pki-certificate\" || f.role == \"pki-directory\" || f.role == \"pki-other\") && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.19"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.19"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.19"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "pki-keys-mode",
      "title": "Keys of the cluster are closed to others",
      "severity": "critical",
      "applies": "controlPlane.files.exists(f, f.role == \"pki-key\" && f.state != \"absent\")",
      "pass": "controlPlane.files.all(f, !(f.role == \"pki-key\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "controlPlane.files.filter(f, f.role == \"pki-key\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "With the key of a CA anybody makes certificates for any user; with that of the service accounts, tokens for any pod.",
      "remediation": "`chmod {{ params.maxMode }} {{ controlPlane.files.filter(f, f.role == \"pki-key\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made, or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ controlPlane.files.filter(f, f.role == \"pki-key\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.21"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.21"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.21"
        }
      ],
      "parameters": {
        "maxMode": "0600"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "power-sockets-closed-to-everyone",
      "title": "Not everybody may connect to a socket that gives power over the host",
      "severity": "critical",
      "applies": "ports.unixSockets.exists(s, s.state == \"present\" || s.state == \"unreadable\")",
      "pass": "!ports.unixSockets.exists(s, s.state != \"abstract\" && !(s.kind in params.guarded) && \"everyone\" in s.access)",
      "evidence": "ports.unixSockets.filter(s, s.state == \"present\" && !(s.kind in params.guarded) && has(s.access) && \"everyone\" in s.access).map(s, s.path + \" (\" + s.kind + \"): mode \" + s.mode + (has(s.holders) && s.holders.size() > 0 ? \", served by \" + s.holders.map(h, h.process).join(\", \") : \"\"))",
      "rationale": "Who may connect to an engine's socket starts a container with the host's root directory in it, and is root. That holds for a socket open to all, and for one in a directory where everybody may put another in its place.",
      "remediation": "`chmod 0660 {{ ports.unixSockets.filter(s, s.state == \"present\" && !(s.kind in params.guarded) && has(s.access) && \"everyone\" in s.access).map(s, s.path) }}`, and see that no directory above is writable by all. Set the mode where it comes from: `SocketMode=` of the socket unit, or the configuration of the program.",
      "fix": [
        {
          "paths": "{{ ports.unixSockets.filter(s, s.state == \"present\" && !(s.kind in params.guarded) && has(s.access) && \"everyone\" in s.access).map(s, s.path) }}",
          "mode": "0660"
        }
      ],
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "3.16"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {
        "guarded": [
          "libvirt"
        ]
      },
      "parameterNotes": {
        "guarded": "kinds of sockets whose program asks who connects before it obeys"
      },
      "tests": []
    },
    {
      "id": "power-sockets-served-by-their-programs",
      "title": "Sockets of engines are served by engines",
      "severity": "high",
      "applies": "ports.unixSockets.size() > 0",
      "pass": "ports.unixSockets.all(s, s.holders.all(h, h.process in params.programs))",
      "evidence": "ports.unixSockets.filter(s, has(s.holders) && !s.holders.all(h, h.process in params.programs)).map(s, s.path + \" by \" + s.holders.filter(h, !(h.process in params.programs)).map(h, h.process + (h.container == \"\" ? \"\" : \" in a container\") + (h.user == \"\" ? \"\" : \" of \" + h.user)).join(\", \"))",
      "rationale": "A program in the place of an engine sees every command, with secrets in it, that is meant for that engine, and can answer as it likes. A proxy in front of an engine decides who may do what: it has to be known.",
      "remediation": "Find out who started it: `ss -xlp`, `systemctl status PID`. If it is a proxy that is meant to be there, name it in the parameter `programs`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1557"
        }
      ],
      "parameters": {
        "programs": [
          "systemd",
          "dockerd",
          "containerd",
          "containerd-shim",
          "crio",
          "podman",
          "cri-dockerd",
          "buildkitd",
          "rootlesskit",
          "lxd",
          "incusd",
          "libvirtd",
          "virtqemud",
          "virtproxyd",
          "kubelet",
          "kubelite",
          "k3s-server",
          "k3s-agent",
          "rke2",
          "cilium-agent",
          "falco",
          "tetragon"
        ]
      },
      "parameterNotes": {
        "programs": "names of processes that may serve such a socket"
      },
      "tests": []
    },
    {
      "id": "prelink-not-installed",
      "title": "prelink is not installed",
      "severity": "low",
      "pass": "!packages.packages.exists(p, p.name == \"prelink\" && p.state != \"config-files\")",
      "evidence": "packages.packages.filter(p, p.name == \"prelink\" && p.state != \"config-files\").map(p, \"package \" + p.name + \" is installed\")",
      "rationale": "It rewrites programs and libraries so that they load at addresses that are known beforehand, which undoes the randomization of addresses and every comparison with what the package brought.",
      "remediation": "Put the programs back as they were and remove it: `prelink --undo --all`, then `apt-get purge prelink` (Red Hat: `dnf remove prelink`).",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.5.4"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1203"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "primary-groups-exist",
      "title": "Every user's primary group exists",
      "severity": "low",
      "pass": "accounts.gaps.exists(g, g.field == \"groups\" && g.effect == \"incomplete\") ? unknown(\"/etc/group could not be read whole\") : cel.bind(gids, accounts.groups.map(g, g.gid), accounts.users.all(u, u.gid in gids))",
      "evidence": "cel.bind(gids, accounts.groups.map(g, g.gid), accounts.users.filter(u, !(u.gid in gids)).map(u, \"user \" + u.name + \" has gid \" + string(u.gid) + \", which no group has\"))",
      "rationale": "The next group that is created with this number gets the user's files into the bargain.",
      "remediation": "`groupadd --gid GID NAME` for what was lost, or another group for each user: `for user in {{ accounts.users.filter(u, !accounts.groups.exists(g, g.gid == u.gid)).map(u, u.name) }}; do groupadd \"$user\"; usermod --gid \"$user\" \"$user\"; done`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.2.3"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "print-server-off",
      "title": "No print server runs",
      "severity": "medium",
      "pass": "!services.known.exists(s, s.name in [\"cups\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"cups\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "Servers do not print. CUPS and its browser have let neighbours run commands more than once.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"cups\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"cups\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"cups\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.11"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1210"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "programs-written-by-root-only",
      "title": "Only root can change programs, libraries and kernel modules",
      "severity": "critical",
      "pass": "files.paths.all(p, !(p.role in [\"program\", \"library\"]) || p.writers.all(w, w in params.writers))",
      "evidence": "files.paths.filter(p, p.role in [\"program\", \"library\"] && has(p.writers) && p.writers.exists(w, !(w in params.writers))).map(p, p.path + \" can be changed by \" + p.writers.filter(w, !(w in params.writers)).join(\", \") + \" through \" + p.writableThrough)",
      "rationale": "Everybody runs what lies there, root too. One writable directory in the search path of root is enough.",
      "remediation": "Take the right away where it is given: `chmod go-w {{ files.paths.filter(p, p.role in [\"program\", \"library\"] && has(p.writers) && p.writers.exists(w, !(w in params.writers))).map(p, p.writableThrough) }}`. Where the owner is not root, `chown root:root` it, unless a package means it to be so; then name it in parameter `writers`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.4.2.5"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1574.007"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1222.002"
        }
      ],
      "parameters": {
        "writers": []
      },
      "parameterNotes": {
        "writers": "who besides root may change them, as evidence names them: `user NAME`, `group NAME`"
      },
      "tests": []
    },
    {
      "id": "ptrace-restricted",
      "title": "A process cannot take over another one of the same user",
      "severity": "medium",
      "pass": "sysctl.parameters.exists(p, p.name == \"kernel.yama.ptrace_scope\" && p.supported && int(p.live) >= params.minimum)",
      "evidence": "sysctl.parameters.filter(p, p.name == \"kernel.yama.ptrace_scope\").map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "Whoever gets one process of a user otherwise reads keys and passwords out of that user's other processes, such as an ssh agent or a browser.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'kernel.yama.ptrace_scope = 1' > /etc/sysctl.d/60-gabion-ptrace.conf\nsysctl --system\n```\n\nDebuggers that attach to running processes then need root. A kernel without it was built without Yama.",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-ptrace.conf",
          "lines": [
            "kernel.yama.ptrace_scope = 1"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-ptrace.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.5.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1055.008"
        }
      ],
      "parameters": {
        "minimum": 1
      },
      "parameterNotes": {
        "minimum": "least value of kernel.yama.ptrace_scope"
      },
      "tests": []
    },
    {
      "id": "raw-sockets-known",
      "title": "Only known programs hold raw sockets",
      "severity": "low",
      "pass": "!ports.listeners.exists(l, l.protocol == \"raw\" && l.holders.exists(h, !(h.process in params.allowed)))",
      "evidence": "ports.listeners.filter(l, l.protocol == \"raw\" && has(l.holders) && l.holders.exists(h, !(h.process in params.allowed))).map(l, \"raw socket for protocol \" + string(l.port) + \" by \" + l.holders.filter(h, !(h.process in params.allowed)).map(h, h.process + (h.user == \"\" ? \"\" : \" of \" + h.user)).join(\", \"))",
      "rationale": "A raw socket sees packets past the firewall's port rules and sends packets with any content. Routing daemons and DHCP clients need them; a back door that waits for a magic packet does as well.",
      "remediation": "Find the program with `ss -lpw`. Routing, VPN and DHCP daemons that belong here go into parameter `allowed`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1205"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1040"
        }
      ],
      "parameters": {
        "allowed": [
          "systemd",
          "systemd-network",
          "NetworkManager",
          "dhclient",
          "dhcpcd",
          "charon",
          "pluto",
          "keepalived",
          "bird",
          "bird6",
          "ospfd",
          "ospf6d",
          "pimd",
          "radvd",
          "ping",
          "chronyd",
          "cilium-agent",
          "speaker"
        ]
      },
      "parameterNotes": {
        "allowed": "names of processes that may hold raw sockets"
      },
      "tests": []
    },
    {
      "id": "reboot-not-pending",
      "title": "No package waits for a reboot",
      "severity": "medium",
      "pass": "!packages.rebootRequired",
      "evidence": "[packages.rebootPackages.size() == 0 ? \"a reboot is asked for\" : \"a reboot is asked for by \" + packages.rebootPackages.join(\", \")]",
      "rationale": "The update is on the disk, and what runs is what it was to mend. Until the reboot the host is as open as before, and reports say it is patched.",
      "remediation": "Drain what runs here and reboot. Where reboots have their hours, kured or unattended-upgrades can keep them.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.2.2.1"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Upgrading and application security practices"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "redirects-not-accepted",
      "title": "Nobody in the network can redirect the traffic of this host",
      "severity": "medium",
      "pass": "!sysctl.interfaces.exists(i, i.ipv4.acceptsRedirects || i.ipv6.acceptsRedirects)",
      "evidence": "sysctl.interfaces.filter(i, has(i.ipv4) && has(i.ipv6) && (i.ipv4.acceptsRedirects || i.ipv6.acceptsRedirects)).map(i, (i.name == \"default\" ? \"each new interface\" : i.name) + \" accepts ICMP redirects\")",
      "rationale": "A redirect is a packet that says \"send this by way of me\", unsigned. On a server that has one gateway it is never needed.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'net.ipv4.conf.all.accept_redirects = 0' 'net.ipv4.conf.default.accept_redirects = 0' 'net.ipv6.conf.all.accept_redirects = 0' 'net.ipv6.conf.default.accept_redirects = 0' > /etc/sysctl.d/60-gabion-redirects.conf\nsysctl --system\n```\n\nThe values of `all` and `default` do not reach every interface that is up already: see them with `sysctl -a --pattern accept_redirects`, and set those of the interfaces named in the evidence too.",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-redirects.conf",
          "lines": [
            "net.ipv4.conf.all.accept_redirects = 0",
            "net.ipv4.conf.default.accept_redirects = 0",
            "net.ipv6.conf.all.accept_redirects = 0",
            "net.ipv6.conf.default.accept_redirects = 0"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-redirects.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "3.3.5"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1557"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "redirects-not-sent",
      "title": "This host does not redirect the traffic of others",
      "severity": "low",
      "pass": "!sysctl.interfaces.exists(i, i.ipv4.sendsRedirects && i.ipv4.forwards)",
      "evidence": "sysctl.interfaces.filter(i, has(i.ipv4) && has(i.ipv6) && (i.ipv4.sendsRedirects && i.ipv4.forwards)).map(i, (i.name == \"default\" ? \"each new interface\" : i.name) + \" sends ICMP redirects\")",
      "rationale": "Only a router has a reason to, and an intruder who has this host could reroute its neighbours with it.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'net.ipv4.conf.all.send_redirects = 0' 'net.ipv4.conf.default.send_redirects = 0' > /etc/sysctl.d/60-gabion-send-redirects.conf\nsysctl --system\n```\n\nThe values of `all` and `default` do not reach every interface that is up already: see them with `sysctl -a --pattern send_redirects`, and set those of the interfaces named in the evidence too.",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-send-redirects.conf",
          "lines": [
            "net.ipv4.conf.all.send_redirects = 0",
            "net.ipv4.conf.default.send_redirects = 0"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-send-redirects.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "3.3.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1557"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "remote-desktops-not-exposed",
      "title": "No VNC or RDP server is open to the network",
      "severity": "high",
      "pass": "!ports.listeners.exists(l, l.scope != \"loopback\" && l.protocol == \"tcp\" && l.port in params.ports)",
      "evidence": "ports.listeners.filter(l, l.scope != \"loopback\" && l.protocol == \"tcp\" && l.port in params.ports).map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + (has(l.holders) && l.holders.size() > 0 ? \" by \" + l.holders.map(h, h.process).join(\", \") : \"\"))",
      "rationale": "Remote desktops are guessed and exploited all day: VNC passwords have eight characters at most and RDP servers a long history of holes. QEMU consoles count: they are somebody else's keyboard.",
      "remediation": "Bind it to 127.0.0.1 and come in through `ssh -L`, or stop it.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1021.005"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1021.001"
        }
      ],
      "parameters": {
        "ports": [
          3389,
          5900,
          5901,
          5902,
          5903,
          5904,
          5905
        ]
      },
      "parameterNotes": {
        "ports": "ports of remote desktops"
      },
      "tests": []
    },
    {
      "id": "remote-shells-of-old-off",
      "title": "telnet, rsh and their kin are off",
      "severity": "high",
      "pass": "!services.known.exists(s, s.name in [\"telnet\", \"rsh\", \"talk\", \"finger\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"telnet\", \"rsh\", \"talk\", \"finger\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "They send passwords and everything typed in the clear, or believe who the other side says it is.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"telnet\", \"rsh\", \"talk\", \"finger\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"telnet\", \"rsh\", \"talk\", \"finger\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"telnet\", \"rsh\", \"talk\", \"finger\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1021"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1040"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "removed-packages-purged",
      "title": "Removed packages left no configuration",
      "severity": "low",
      "pass": "!packages.packages.exists(p, p.state == \"config-files\")",
      "evidence": "packages.packages.filter(p, p.state == \"config-files\").map(p, p.name + \" \" + p.version + \" is removed, its configuration is not\")",
      "rationale": "Units, accounts, sudo and PAM rules of a program that is gone are read by nobody who reviews the host, and serve whoever brings a program of that name.",
      "remediation": "Look at what they left, then `apt-get purge {{ packages.packages.filter(p, p.state == \"config-files\").map(p, p.name) }}`.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "replaced-code-not-running",
      "title": "No process runs programs or libraries that were replaced",
      "severity": "medium",
      "pass": "packages.replacedFiles.size() == 0",
      "evidence": "packages.replacedFiles.map(r, r.process + (r.unit == \"\" ? \"\" : \" of \" + r.unit) + \" runs \" + r.files.join(\", \"))",
      "rationale": "An upgraded library mends only processes that start after it. Those that run keep the old one, holes and all, until they are restarted.",
      "remediation": "`systemctl restart {{ packages.replacedFiles.filter(r, r.unit.endsWith(\".service\")).map(r, r.unit) }}`. For process 1 `systemctl daemon-reexec`; sessions end when their users log out. needrestart does it with each upgrade.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.2.2.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1190"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "reverse-path-filtered",
      "title": "Packets with forged source addresses are dropped",
      "severity": "medium",
      "pass": "!sysctl.interfaces.exists(i, i.ipv4.reversePathFilter == 0 && !(i.name in params.except))",
      "evidence": "sysctl.interfaces.filter(i, has(i.ipv4) && has(i.ipv6) && (i.ipv4.reversePathFilter == 0 && !(i.name in params.except))).map(i, (i.name == \"default\" ? \"each new interface\" : i.name) + \" takes packets from any source address\")",
      "rationale": "A packet that claims to come from a network behind another interface is forged. Address rules of a firewall rest on this.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'net.ipv4.conf.all.rp_filter = 1' 'net.ipv4.conf.default.rp_filter = 1' > /etc/sysctl.d/60-gabion-reverse-path.conf\nsysctl --system\n```\n\n2 (loose) is enough where traffic comes back another way. Of `all` and the interface the greater value counts.",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-reverse-path.conf",
          "lines": [
            "net.ipv4.conf.all.rp_filter = 1",
            "net.ipv4.conf.default.rp_filter = 1"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-reverse-path.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "3.3.7"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1599"
        }
      ],
      "parameters": {
        "except": []
      },
      "parameterNotes": {
        "except": "names of interfaces that need none"
      },
      "tests": []
    },
    {
      "id": "root-equivalent-members-known",
      "title": "Members of root-equivalent groups are known",
      "severity": "high",
      "pass": "!accounts.privilegedMembers.exists(p, p.rootEquivalent && p.user != \"root\" && !(p.user in params.allowed) && !(p.group in params.ignoredGroups))",
      "evidence": "accounts.privilegedMembers.filter(p, p.rootEquivalent && p.user != \"root\" && !(p.user in params.allowed) && !(p.group in params.ignoredGroups)).map(p, \"user \" + p.user + \" is in group \" + p.group)",
      "rationale": "Whoever may talk to docker, lxd or the raw disk mounts the root file system and is root, without sudo, without a password and without a log line that says so.",
      "remediation": "Take out who need not be in it (`gpasswd -d USER GROUP`) and let the rest use sudo or rootless containers. Who is meant to be there goes into parameter `allowed`.",
      "references": [
        {
          "source": "cis-docker",
          "version": "1.6.0",
          "id": "1.1.2"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.5.4"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1548"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {
        "allowed": [],
        "ignoredGroups": [
          "sudo",
          "wheel",
          "admin"
        ]
      },
      "parameterNotes": {
        "allowed": "names of users who are meant to be members",
        "ignoredGroups": "groups that are not judged here, such as those of sudo"
      },
      "tests": []
    },
    {
      "id": "root-has-no-ssh-keys",
      "title": "No ssh key opens root's account",
      "severity": "medium",
      "pass": "!accounts.users.exists(u, u.uid == 0 && u.authorizedKeys.size() > 0)",
      "evidence": "accounts.users.filter(u, has(u.authorizedKeys) && u.uid == 0 && u.authorizedKeys.size() > 0).map(u, \"user \" + u.name + \" has ssh keys: \" + u.authorizedKeys.map(k, string(k.keys) + \" \" + k.type).join(\", \"))",
      "rationale": "A key for root is root without a name: the log says root came, not who. It also skips sudo, its password and its log.",
      "remediation": "Give each administrator an account with sudo, see that it gets in, then empty `{{ accounts.users.filter(u, has(u.authorizedKeys) && u.uid == 0 && u.authorizedKeys.size() > 0).map(u, u.home + \"/.ssh/authorized_keys\") }}` and set `PermitRootLogin no` in the configuration of sshd.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.20"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1098.004"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "root-locks-after-failures",
      "title": "root locks after failures, too",
      "severity": "low",
      "applies": "accounts.pamInstalled && accounts.accountLockout.exists(q, q.module != \"none\")",
      "pass": "accounts.accountLockout.all(q, q.module == \"none\" || q.settings.root)",
      "evidence": "accounts.accountLockout.filter(q, q.module != \"none\" && has(q.settings) && !(q.settings.root)).map(q, q.service + \" never locks root\")",
      "rationale": "root is the name that every program tries first. Somebody must be able to get in by other means while it is locked.",
      "remediation": "Set `even_deny_root` or `root_unlock_time = 60` in /etc/security/faillock.conf.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.3.3.1.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "root-password-set-or-locked",
      "title": "root has a password or is locked",
      "severity": "high",
      "pass": "!accounts.users.exists(u, u.name == \"root\" && !(u.password.state in [\"hash\", \"locked\", \"disabled\"]))",
      "evidence": "accounts.users.filter(u, has(u.password) && u.name == \"root\" && !(u.password.state in [\"hash\", \"locked\", \"disabled\"])).map(u, u.password.state == \"empty\" ? \"root needs no password\" : \"root has no entry in shadow\")",
      "rationale": "At the console, in rescue mode and for su the password of root is the last door. Without an entry in shadow rescue shells open unasked.",
      "remediation": "`passwd -l root` where sudo is the way to become root, else `passwd root`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.4.2.4"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1078.003"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "router-advertisements-not-accepted",
      "title": "Nobody in the network can become the IPv6 router of this host",
      "severity": "low",
      "pass": "!sysctl.interfaces.exists(i, i.ipv6.acceptsRouterAdvertisements)",
      "evidence": "sysctl.interfaces.filter(i, has(i.ipv4) && has(i.ipv6) && (i.ipv6.acceptsRouterAdvertisements)).map(i, (i.name == \"default\" ? \"each new interface\" : i.name) + \" accepts router advertisements\")",
      "rationale": "One packet of a neighbour gives the host an address, a default route and name servers, also where nobody planned IPv6.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'net.ipv6.conf.all.accept_ra = 0' 'net.ipv6.conf.default.accept_ra = 0' > /etc/sysctl.d/60-gabion-router-advertisements.conf\nsysctl --system\n```\n\nHosts that get their IPv6 address this way need static addresses or DHCPv6 first; networkd and NetworkManager do it on their own.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "3.3.11"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1557"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "rpcbind-off",
      "title": "rpcbind is off",
      "severity": "medium",
      "pass": "!services.known.exists(s, s.name in [\"rpcbind\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"rpcbind\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "It tells everybody what else listens, answers forged requests many times over, and is needed for NFS before version 4 only.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"rpcbind\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"rpcbind\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"rpcbind\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.12"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1498.002"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "rsync-daemon-off",
      "title": "No rsync daemon runs",
      "severity": "medium",
      "pass": "!services.known.exists(s, s.name in [\"rsync\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"rsync\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "Its modules are often open without a password, and nothing is encrypted. rsync over ssh needs no daemon.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"rsync\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"rsync\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"rsync\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.13"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1039"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "running-protection-enabled",
      "title": "What protects the host now does so after a reboot too",
      "severity": "medium",
      "pass": "!services.known.exists(s, s.name in params.services && s.running && !s.atBoot)",
      "evidence": "services.known.filter(s, s.name in params.services && has(s.atBoot) && has(s.running) && s.running && !s.atBoot).map(s, s.name + \" runs, but does not start at boot\")",
      "rationale": "It was started by hand. After the next reboot it is gone, and nobody notices.",
      "remediation": "Enable it: `systemctl enable {{ services.units.filter(u, u.service in services.known.filter(s, s.name in params.services && has(s.atBoot) && has(s.running) && s.running && !s.atBoot).map(s, s.name)).map(u, u.unit) }}`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {
        "services": [
          "auditd",
          "fail2ban",
          "falco",
          "firewalld",
          "crowdsec",
          "tetragon",
          "tracee",
          "osquery",
          "wazuh",
          "chrony",
          "rsyslog",
          "usbguard"
        ]
      },
      "parameterNotes": {
        "services": "names of services that protect"
      },
      "tests": []
    },
    {
      "id": "runtime-detection-runs",
      "title": "Something watches what programs do at run time",
      "severity": "medium",
      "pass": "services.known.exists(s, s.name in params.services && (s.running || s.inContainer))",
      "evidence": "services.known.filter(s, s.name in params.services && has(s.installed) && s.installed).map(s, s.name + \" is installed, but does not run\") + [services.known.exists(s, s.name in params.services && has(s.installed) && s.installed) ? \"none of those installed runs\" : \"none of \" + params.services.join(\", \") + \" runs, neither on the host nor in a container\"]",
      "rationale": "Hardening keeps most things out. A shell in a container, a read of /etc/shadow or a new kernel module is seen only by something that looks on while it happens.",
      "remediation": "Run one of them on every host, for a cluster as a DaemonSet (`helm install falco falcosecurity/falco`), and send its alerts where somebody reads them.",
      "references": [
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Audit logging and threat detection"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.006"
        }
      ],
      "parameters": {
        "services": [
          "falco",
          "tetragon",
          "tracee",
          "sysdig",
          "osquery",
          "wazuh"
        ]
      },
      "parameterNotes": {
        "services": "names of services of which one must run"
      },
      "tests": []
    },
    {
      "id": "samba-server-off",
      "title": "No SMB server runs",
      "severity": "medium",
      "pass": "!services.known.exists(s, s.name in [\"samba\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"samba\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "A file server is a job of its own; on a host with another job it is a large protocol open to the network.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"samba\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"samba\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"samba\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.14"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1021.002"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "sandboxed-runtime-available",
      "title": "Pods can be run in a sandbox of their own",
      "severity": "medium",
      "applies": "params.wanted",
      "pass": "containerRuntime.handlers.exists(h, h.sandbox != \"none\") || ((containerRuntime.containerd.exists(e, !has(e.settings)) || containerRuntime.crio.exists(e, !has(e.settings)) || containerRuntime.docker.exists(e, !has(e.settings))) && unknown(\"the handlers of an engine could not be told\"))",
      "evidence": "[\"no handler of a sandbox; there are: \" + containerRuntime.handlers.map(h, h.name).join(\", \")]",
      "rationale": "Containers share the kernel. Code that is not trusted belongs behind a second wall: gVisor, Kata Containers or Firecracker.",
      "remediation": "Install gVisor's runsc or Kata, add a handler to the engine's configuration and a RuntimeClass that names it. Nodes for untrusted workloads set parameter `wanted`.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {
        "wanted": false
      },
      "parameterNotes": {
        "wanted": "whether this node is for untrusted workloads"
      },
      "tests": []
    },
    {
      "id": "sandboxed-runtimes-usable",
      "title": "Sandboxes that are configured can run here",
      "severity": "medium",
      "applies": "containerRuntime.handlers.exists(h, h.sandbox in [\"gvisor\", \"kata\", \"firecracker\"])",
      "pass": "!containerRuntime.handlers.exists(h, h.sandbox in [\"gvisor\", \"kata\", \"firecracker\"] && !containerRuntime.sandboxPrograms.exists(p, p.sandbox == h.sandbox)) && (!containerRuntime.handlers.exists(h, h.sandbox in [\"kata\", \"firecracker\"]) || containerRuntime.kvm)",
      "evidence": "containerRuntime.handlers.filter(h, h.sandbox in [\"gvisor\", \"kata\", \"firecracker\"] && !containerRuntime.sandboxPrograms.exists(p, p.sandbox == h.sandbox)).map(h, \"handler \" + h.name + \" has no program\") + containerRuntime.handlers.filter(h, h.sandbox in [\"kata\", \"firecracker\"] && !containerRuntime.kvm).map(h, \"handler \" + h.name + \" needs /dev/kvm\")",
      "rationale": "A RuntimeClass whose program or virtualization is missing keeps its pods from starting, and somebody will then take the class away rather than mend it.",
      "remediation": "Install the runtime that the handler names, or take the handler out. Kata and Firecracker need virtualization: switch it on in the firmware or choose machines that allow it nested.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "scheduled-jobs-limited-to-named-users",
      "title": "Who may schedule jobs with cron and at is written down",
      "severity": "low",
      "applies": "files.paths.exists(p, p.path == \"/etc/crontab\" || p.path == \"/etc/at.deny\" || p.path == \"/etc/at.allow\")",
      "pass": "(!files.paths.exists(p, p.path == \"/etc/crontab\") || files.paths.exists(p, p.path == \"/etc/cron.allow\")) && (!files.paths.exists(p, p.path == \"/etc/at.deny\") || files.paths.exists(p, p.path == \"/etc/at.allow\"))",
      "evidence": "(files.paths.exists(p, p.path == \"/etc/crontab\") && !files.paths.exists(p, p.path == \"/etc/cron.allow\") ? [\"/etc/cron.allow is not there: everybody may schedule jobs with crontab\"] : []) + (files.paths.exists(p, p.path == \"/etc/at.deny\") && !files.paths.exists(p, p.path == \"/etc/at.allow\") ? [\"/etc/at.allow is not there: everybody who is not in /etc/at.deny may use at\"] : [])",
      "rationale": "A job outlives the session and the process of whoever made it: a taken service account comes back by it, at night and after each reboot.",
      "remediation": "`echo root > /etc/cron.allow` and, where at is installed, `echo root > /etc/at.allow`, add who needs it, then `chmod 0640 /etc/cron.allow /etc/at.allow`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.4.1.8"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.4.2.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1053.003"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "scheduled-jobs-private",
      "title": "Only root can read cron’s tables and scripts",
      "severity": "low",
      "pass": "files.paths.all(p, p.role != \"cron\" || p.readers.all(r, r in params.readers) || p.path == \"/var/spool/cron\" && files.paths.exists(q, q.path == \"/var/spool/cron/crontabs\"))",
      "evidence": "files.paths.filter(p, p.role == \"cron\" && has(p.readers) && p.readers.exists(r, !(r in params.readers)) && !(p.path == \"/var/spool/cron\" && files.paths.exists(q, q.path == \"/var/spool/cron/crontabs\"))).map(p, p.path + \" can be read by \" + p.readers.filter(r, !(r in params.readers)).join(\", \"))",
      "rationale": "Jobs tell when nobody looks, which scripts run as root, and sometimes a password on a command line. Where users' tables are in /var/spool/cron/crontabs, the directory above it stays open: crontab(1) goes through it with the rights of a group.",
      "remediation": "`chmod go-rwx {{ files.paths.filter(p, p.role == \"cron\" && has(p.readers) && p.readers.exists(r, !(r in params.readers)) && !(p.path == \"/var/spool/cron\" && files.paths.exists(q, q.path == \"/var/spool/cron/crontabs\"))).map(p, p.path) }}`",
      "fix": [
        {
          "paths": "{{ files.paths.filter(p, p.role == \"cron\" && has(p.readers) && p.readers.exists(r, !(r in params.readers)) && !(p.path == \"/var/spool/cron\" && files.paths.exists(q, q.path == \"/var/spool/cron/crontabs\"))).map(p, p.path) }}",
          "mode": "go-rwx"
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.4.1.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.4.1.3"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.4.1.4"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.4.1.5"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.4.1.6"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.4.1.7"
        }
      ],
      "parameters": {
        "readers": [
          "group crontab"
        ]
      },
      "parameterNotes": {
        "readers": "who besides root may read them, as evidence names them: `user NAME`, `group NAME`"
      },
      "tests": []
    },
    {
      "id": "scheduled-jobs-written-by-root-only",
      "title": "Only root can change what cron runs as root",
      "severity": "critical",
      "pass": "files.paths.all(p, !(p.role == \"cron\") || p.writers.all(w, w in params.writers))",
      "evidence": "files.paths.filter(p, p.role == \"cron\" && has(p.writers) && p.writers.exists(w, !(w in params.writers))).map(p, p.path + \" can be changed by \" + p.writers.filter(w, !(w in params.writers)).join(\", \") + \" through \" + p.writableThrough)",
      "rationale": "cron runs these files as root, on time and without asking. A script that somebody else can change is a root shell for them.",
      "remediation": "Take the right away where it is given: `chmod go-w {{ files.paths.filter(p, p.role == \"cron\" && has(p.writers) && p.writers.exists(w, !(w in params.writers))).map(p, p.writableThrough) }}`. Where the owner is not root, `chown root:root` it, unless a package means it to be so; then name it in parameter `writers`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.4.1.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.4.1.3"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.4.1.4"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.4.1.5"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.4.1.6"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.4.1.7"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1053.003"
        }
      ],
      "parameters": {
        "writers": [
          "group crontab"
        ]
      },
      "parameterNotes": {
        "writers": "who besides root may change them, as evidence names them: `user NAME`, `group NAME`"
      },
      "tests": []
    },
    {
      "id": "scheduler-kubeconfig-mode",
      "title": "Credential of the scheduler is closed to others",
      "severity": "high",
      "applies": "controlPlane.files.exists(f, f.role == \"scheduler-kubeconfig\" && f.state != \"absent\")",
      "pass": "controlPlane.files.all(f, !(f.role == \"scheduler-kubeconfig\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "controlPlane.files.filter(f, f.role == \"scheduler-kubeconfig\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "The file is a credential: who can read it is the scheduler and decides where pods run.",
      "remediation": "`chmod {{ params.maxMode }} {{ controlPlane.files.filter(f, f.role == \"scheduler-kubeconfig\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made, or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ controlPlane.files.filter(f, f.role == \"scheduler-kubeconfig\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.15"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.15"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.15"
        }
      ],
      "parameters": {
        "maxMode": "0600"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "scheduler-kubeconfig-owner",
      "title": "Credential of the scheduler belongs to root",
      "severity": "medium",
      "applies": "controlPlane.files.exists(f, f.role == \"scheduler-kubeconfig\" && f.state != \"absent\")",
      "pass": "controlPlane.files.all(f, !(f.role == \"scheduler-kubeconfig\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : f.uid == 0 && f.gid == 0))",
      "evidence": "controlPlane.files.filter(f, f.role == \"scheduler-kubeconfig\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path + \" belongs to uid \" + string(f.uid) + \", gid \" + string(f.gid))",
      "rationale": "Whoever owns a file can change its mode and its content, whatever the mode says now.",
      "remediation": "`chown root:root {{ controlPlane.files.filter(f, f.role == \"scheduler-kubeconfig\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}`",
      "fix": [
        {
          "paths": "{{ controlPlane.files.filter(f, f.role == \"scheduler-kubeconfig\" && f.state == \"present\" && (f.uid != 0 || f.gid != 0)).map(f, f.path) }}",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.1.16"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.1.16"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.1.16"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "scheduler-on-loopback",
      "title": "Scheduler listens on loopback only",
      "severity": "medium",
      "applies": "controlPlane.schedulers.size() > 0",
      "pass": "controlPlane.schedulers.all(s, s.settings.securePort.value == 0 || s.settings.bindAddress.value == \"localhost\" || addressScope(s.settings.bindAddress.value) == \"loopback\")",
      "evidence": "controlPlane.schedulers.filter(s, has(s.settings) && !(s.settings.securePort.value == 0 || s.settings.bindAddress.value == \"localhost\" || addressScope(s.settings.bindAddress.value) == \"loopback\")).map(s, s.id + \": \" + (\"listens on \" + s.settings.bindAddress.value) + \", from \" + s.settings.bindAddress.origin)",
      "rationale": "Its port serves metrics and health, and profiles where they are on. Nobody outside the node needs them; the default is every address.",
      "remediation": "Set `--bind-address=127.0.0.1` in {{ controlPlane.schedulers.filter(s, has(s.settings) && !(s.settings.securePort.value == 0 || s.settings.bindAddress.value == \"localhost\" || addressScope(s.settings.bindAddress.value) == \"loopback\")).map(s, s.manifest != \"\" ? s.manifest : s.kind == \"k3s\" ? \"kube-scheduler-arg in /etc/rancher/k3s/config.yaml\" : s.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-scheduler\" : s.unit != \"\" ? s.unit : \"the command line of \" + s.id) }}, and let scrapers come through the node. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.4.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.4.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.4.2"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "scheduler-profiling-disabled",
      "title": "Scheduler does not serve profiles",
      "severity": "low",
      "applies": "controlPlane.schedulers.size() > 0",
      "pass": "controlPlane.schedulers.all(s, !s.settings.profiling.value)",
      "evidence": "controlPlane.schedulers.filter(s, has(s.settings) && has(s.settings.profiling) && !(!s.settings.profiling.value)).map(s, s.id + \": \" + \"profiling is on\" + \", from \" + s.settings.profiling.origin)",
      "rationale": "Profiles show the inside of the process to whoever may ask. With a configuration file the flag has no say.",
      "remediation": "Set `enableProfiling: false` in the scheduler’s configuration file, or `--profiling=false` where it has none, in {{ controlPlane.schedulers.filter(s, has(s.settings) && has(s.settings.profiling) && !(!s.settings.profiling.value)).map(s, s.manifest != \"\" ? s.manifest : s.kind == \"k3s\" ? \"kube-scheduler-arg in /etc/rancher/k3s/config.yaml\" : s.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-scheduler\" : s.unit != \"\" ? s.unit : \"the command line of \" + s.id) }}. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.4.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.4.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.4.1"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "seccomp-directory-protected",
      "title": "Only root can change the seccomp profiles",
      "severity": "high",
      "applies": "seccomp.directories.exists(d, d.state != \"absent\")",
      "pass": "seccomp.directories.all(d, d.state == \"unreadable\" ? unknown(d.path + \" could not be looked at\") : d.state != \"notDirectory\" && !(d.state == \"present\" && (d.uid != 0 || d.gid != 0 || !modeWithin(d.mode, params.maxMode))))",
      "evidence": "seccomp.directories.filter(d, d.state == \"notDirectory\" || (d.state == \"present\" && (d.uid != 0 || d.gid != 0 || !modeWithin(d.mode, params.maxMode)))).map(d, d.path + (d.state == \"notDirectory\" ? \" is not a directory\" : \" has mode \" + d.mode + \", uid \" + string(d.uid) + \", gid \" + string(d.gid)))",
      "rationale": "Who may write here swaps the profile of the next pod for one that allows everything.",
      "remediation": "`chown root:root {{ seccomp.directories.filter(d, d.state == \"present\").map(d, d.path) }}` and `chmod {{ params.maxMode }} {{ seccomp.directories.filter(d, d.state == \"present\").map(d, d.path) }}`",
      "fix": [
        {
          "paths": "{{ seccomp.directories.filter(d, d.state == \"present\").map(d, d.path) }}",
          "mode": "{{ params.maxMode }}",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {
        "maxMode": "0755"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "seccomp-profiles-as-expected",
      "title": "The seccomp profiles are those that the site expects",
      "severity": "medium",
      "applies": "params.expected.size() > 0",
      "pass": "params.expected.all(e, seccomp.profiles.exists(p, p.path + \" \" + p.sha256 == e))",
      "evidence": "params.expected.filter(e, !seccomp.profiles.exists(p, p.path + \" \" + p.sha256 == e)).map(e, e.split(\" \")[0] + (seccomp.profiles.exists(p, p.path == e.split(\" \")[0]) ? \" differs\" : \" is missing\"))",
      "rationale": "A pod names a profile by its file alone. Where the files differ between nodes, the same pod is confined on one and not on the next.",
      "remediation": "Bring the expected files onto the node again, to {{ seccomp.directories.map(d, d.path) }}.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.3.5"
        }
      ],
      "parameters": {
        "expected": []
      },
      "parameterNotes": {
        "expected": "what profiles must be, as `path sha256`, a blank between"
      },
      "tests": []
    },
    {
      "id": "seccomp-profiles-inside-directory",
      "title": "No seccomp profile is a link out of its directory",
      "severity": "medium",
      "applies": "seccomp.profiles.size() > 0",
      "pass": "!seccomp.profiles.exists(p, p.state == \"escapes\")",
      "evidence": "seccomp.profiles.filter(p, p.state == \"escapes\").map(p, p.path + \" leads out of \" + p.root)",
      "rationale": "The file a link points to is guarded by other people and other rules; whoever changes it changes what pods may do.",
      "remediation": "Replace {{ seccomp.profiles.filter(p, p.state == \"escapes\").map(p, p.root + \"/\" + p.path) }} by the file itself.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "seccomp-profiles-refuse-dangerous-calls",
      "title": "Seccomp profiles allow no system call that takes over the host",
      "severity": "medium",
      "applies": "seccomp.profiles.size() > 0",
      "pass": "!seccomp.profiles.exists(p, p.state == \"valid\" && p.restrictive && p.dangerousAllowed.size() > 0 && !(p.path in params.exceptions))",
      "evidence": "seccomp.profiles.filter(p, p.state == \"valid\" && p.restrictive && p.dangerousAllowed.size() > 0 && !(p.path in params.exceptions)).map(p, p.path + \" allows \" + p.dangerousAllowed.join(\", \"))",
      "rationale": "ptrace, mount, bpf, kexec_load, init_module and their like are the tools of container escapes. A profile that allows them without a condition keeps out only the harmless.",
      "remediation": "Take the calls out, or bind them to a capability or argument as the runtime's default profile does (`includes`/`caps`, `args`). What a system workload truly needs goes into parameter `exceptions`.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {
        "exceptions": []
      },
      "parameterNotes": {
        "exceptions": "paths of profiles, below their directory, that may allow them"
      },
      "tests": []
    },
    {
      "id": "seccomp-profiles-restrictive",
      "title": "Seccomp profiles refuse what they do not name",
      "severity": "medium",
      "applies": "seccomp.profiles.size() > 0",
      "pass": "!seccomp.profiles.exists(p, p.state == \"valid\" && !p.restrictive && !(p.path in params.exceptions))",
      "evidence": "seccomp.profiles.filter(p, p.state == \"valid\" && !p.restrictive && !(p.path in params.exceptions)).map(p, p.path + \" lets through what it does not name (\" + p.defaultAction + \")\")",
      "rationale": "With a default of SCMP_ACT_ALLOW or SCMP_ACT_LOG a profile is a list of what somebody thought of. New system calls, and the one the exploit uses, pass.",
      "remediation": "Set `\"defaultAction\": \"SCMP_ACT_ERRNO\"` and list what the workload calls; run it with an audit profile first to learn that. Profiles that are there for auditing go into parameter `exceptions`.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {
        "exceptions": [
          "audit.json",
          "profiles/audit.json"
        ]
      },
      "parameterNotes": {
        "exceptions": "paths of profiles, below their directory, that may allow by default"
      },
      "tests": []
    },
    {
      "id": "seccomp-profiles-valid",
      "title": "Every seccomp profile is one that the runtime takes",
      "severity": "medium",
      "applies": "seccomp.profiles.size() > 0",
      "pass": "seccomp.profiles.all(p, p.state == \"unreadable\" ? unknown(p.path + \" could not be read\") : p.state in [\"valid\", \"escapes\"])",
      "evidence": "seccomp.profiles.filter(p, p.state in [\"invalid\", \"notRegular\", \"tooLarge\"]).map(p, p.path + \" cannot be used: \" + (p.problem == \"\" ? p.state : p.problem))",
      "rationale": "A pod that names a broken profile does not start, and one that is restarted after the file broke does not come back.",
      "remediation": "Correct {{ seccomp.profiles.filter(p, p.state in [\"invalid\", \"notRegular\", \"tooLarge\"]).map(p, p.root + \"/\" + p.path) }}: plain JSON without comments and trailing commas, actions and calls spelt as libseccomp does. Remove what is no profile.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "seccomp-refusals-logged",
      "title": "System calls that kill a process are logged",
      "severity": "low",
      "applies": "seccomp.supported",
      "pass": "params.actions.all(a, a in seccomp.actionsLogged)",
      "evidence": "[\"not in kernel.seccomp.actions_logged: \" + params.actions.filter(a, !(a in seccomp.actionsLogged)).join(\", \")]",
      "rationale": "A call that a filter killed is an exploit at work or a broken profile. Both are worth a line in the audit log, and the kernel writes it by default.",
      "remediation": "`sysctl -w kernel.seccomp.actions_logged=\"kill_process kill_thread trap errno user_notif trace log\"` is the default; delete the line in `/etc/sysctl.d` that narrows it.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {
        "actions": [
          "kill_process",
          "kill_thread",
          "log"
        ]
      },
      "parameterNotes": {
        "actions": "actions that must be logged"
      },
      "tests": []
    },
    {
      "id": "secrets-encryption-configured",
      "title": "API server encrypts Secrets before it stores them",
      "severity": "high",
      "applies": "controlPlane.apiServers.size() > 0",
      "pass": "controlPlane.apiServers.all(a, a.encryption.secretsProviders.size() > 0)",
      "evidence": "controlPlane.apiServers.filter(a, has(a.encryption) && !(a.encryption.secretsProviders.size() > 0)).map(a, a.id + \": \" + (a.encryption.configured ? a.encryption.path + \" names no provider for secrets\" : \"no encryption provider configuration\"))",
      "rationale": "A copy of etcd, from a backup, a disk or a snapshot, otherwise holds every password of the cluster in base64.",
      "remediation": "Write an EncryptionConfiguration that names secrets, mount it into the pod, set `--encryption-provider-config` in {{ controlPlane.apiServers.filter(a, has(a.encryption) && !(a.encryption.secretsProviders.size() > 0)).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }}, then write all Secrets anew: `kubectl get secrets -A -o json | kubectl replace -f -`. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.27"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.27"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.27"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1552.007"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "secrets-encryption-strong",
      "title": "Secrets are written with a strong provider",
      "severity": "high",
      "applies": "controlPlane.apiServers.exists(a, !has(a.encryption) || a.encryption.secretsProviders.size() > 0)",
      "pass": "controlPlane.apiServers.all(a, a.encryption.secretsProviders[0] in params.providers)",
      "evidence": "controlPlane.apiServers.filter(a, has(a.encryption) && !(a.encryption.secretsProviders[0] in params.providers)).map(a, a.id + \": \" + (\"secrets are written with \" + a.encryption.secretsProviders[0] + \", by \" + a.encryption.path))",
      "rationale": "The first provider of the group writes. With identity in front everything is still written in clear text, however many providers follow; aesgcm with a fixed key is safe only as long as the key is changed in time.",
      "remediation": "Put kms v2, secretbox or aescbc first for secrets in the file that {{ controlPlane.apiServers.filter(a, has(a.encryption) && !(a.encryption.secretsProviders[0] in params.providers)).map(a, a.manifest != \"\" ? a.manifest : a.kind == \"k3s\" ? \"kube-apiserver-arg in /etc/rancher/k3s/config.yaml\" : a.kind == \"microk8s\" ? \"/var/snap/microk8s/current/args/kube-apiserver\" : a.unit != \"\" ? a.unit : \"the command line of \" + a.id) }} names, keep identity last until all Secrets were written anew, then take it out. The kubelet restarts a static pod when its manifest changes; restart anything else yourself.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "1.2.28"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "1.2.28"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "1.2.28"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Network separation and hardening"
        }
      ],
      "parameters": {
        "providers": [
          "kms v1",
          "kms v2",
          "secretbox",
          "aescbc"
        ]
      },
      "parameterNotes": {
        "providers": "providers that count as strong"
      },
      "tests": []
    },
    {
      "id": "secure-boot-enabled",
      "title": "Secure Boot is on",
      "severity": "low",
      "applies": "host.secureBoot != \"unsupported\"",
      "pass": "host.secureBoot == \"enabled\"",
      "evidence": "[\"Secure Boot is off\"]",
      "rationale": "Without it whoever gets at the disk or the boot menu starts a kernel of his own, below everything this list can see.",
      "remediation": "Enable it in the firmware, or in the settings of the virtual machine. Have the keys of your own drivers enrolled before: `mokutil --import KEY`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1542.003"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "secure-redirects-not-accepted",
      "title": "Redirects of gateways are not accepted either",
      "severity": "low",
      "pass": "!sysctl.parameters.exists(p, p.name in [\"net.ipv4.conf.all.secure_redirects\", \"net.ipv4.conf.default.secure_redirects\"] && (!p.supported || (p.name == \"net.ipv4.conf.all.secure_redirects\" && p.live != \"0\") || (p.name == \"net.ipv4.conf.default.secure_redirects\" && p.live != \"0\")))",
      "evidence": "sysctl.parameters.filter(p, has(p.live) && p.name in [\"net.ipv4.conf.all.secure_redirects\", \"net.ipv4.conf.default.secure_redirects\"] && (!p.supported || (p.name == \"net.ipv4.conf.all.secure_redirects\" && p.live != \"0\") || (p.name == \"net.ipv4.conf.default.secure_redirects\" && p.live != \"0\"))).map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "A gateway that was taken over, or an address that pretends to be one, moves traffic to where it can be read.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'net.ipv4.conf.all.secure_redirects = 0' 'net.ipv4.conf.default.secure_redirects = 0' > /etc/sysctl.d/60-gabion-secure-redirects.conf\nsysctl --system\n```",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-secure-redirects.conf",
          "lines": [
            "net.ipv4.conf.all.secure_redirects = 0",
            "net.ipv4.conf.default.secure_redirects = 0"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-secure-redirects.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "3.3.6"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1557"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "security-updates-automatic",
      "title": "Security updates are installed by themselves",
      "severity": "medium",
      "pass": "services.automaticUpdates.installs",
      "evidence": "[services.automaticUpdates.method == \"none\" ? \"neither unattended-upgrades nor dnf-automatic is set up\" : services.automaticUpdates.method + (services.automaticUpdates.refreshes ? \" looks for updates, but installs none\" : \" neither looks for updates nor installs them\")]",
      "rationale": "From the day of an update everybody can see which hole it mends. Hosts that wait for a person wait for weeks.",
      "remediation": "Debian and Ubuntu: `apt install unattended-upgrades && dpkg-reconfigure -plow unattended-upgrades`. Red Hat: `dnf install dnf-automatic && systemctl enable --now dnf-automatic-install.timer`. Hosts that are rebuilt or patched by other means waive this.",
      "references": [
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Upgrading and application security practices"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1190"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "selinux-enforcing",
      "title": "SELinux enforces its policy",
      "severity": "high",
      "pass": "selinux.mode == \"enforcing\" || \"apparmor\" in host.securityModules",
      "evidence": "[\"SELinux is \" + selinux.mode]",
      "rationale": "Permissive it writes down what an intruder does and lets it happen; disabled it does not even do that.",
      "remediation": "Look at what it would have denied with `ausearch -m avc -ts boot`, mend that, then `setenforce 1` and `SELINUX=enforcing` in `/etc/selinux/config`. From disabled first boot permissive: files have to be labelled anew.",
      "references": [
        {
          "source": "cis-red-hat-enterprise-linux-9",
          "version": "2.0.0",
          "id": "1.3.1.5"
        },
        {
          "source": "cis-red-hat-enterprise-linux-9",
          "version": "2.0.0",
          "id": "1.3.1.4"
        },
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "selinux-enforcing-at-boot",
      "title": "SELinux is configured to enforce",
      "severity": "high",
      "pass": "selinux.configuredMode == \"enforcing\" || \"apparmor\" in host.securityModules",
      "evidence": "[\"configured mode: \" + selinux.configuredMode + (has(selinux.mode) && selinux.mode == \"enforcing\" ? \", though it enforces now\" : \"\")]",
      "rationale": "What `setenforce` switched on is gone with the next boot. The file decides.",
      "remediation": "Look at what it would have denied with `ausearch -m avc -ts boot`, mend that, then set `SELINUX=enforcing` in `/etc/selinux/config`.",
      "references": [
        {
          "source": "cis-red-hat-enterprise-linux-9",
          "version": "2.0.0",
          "id": "1.3.1.4"
        },
        {
          "source": "cis-red-hat-enterprise-linux-9",
          "version": "2.0.0",
          "id": "1.3.1.5"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "selinux-helpers-not-installed",
      "title": "No helper of SELinux runs that servers do without",
      "severity": "low",
      "pass": "!packages.packages.exists(p, p.name in params.names && p.state != \"config-files\")",
      "evidence": "packages.packages.filter(p, p.name in params.names && p.state != \"config-files\").map(p, \"package \" + p.name + \" is installed\")",
      "rationale": "mcstransd translates labels for people, setroubleshoot collects denials for a desktop: programs of root that read what every process causes, for nobody who looks.",
      "remediation": "`dnf remove {{ packages.packages.filter(p, p.name in params.names).map(p, p.name) }}`. Denials are read with `ausearch -m avc`.",
      "references": [
        {
          "source": "cis-red-hat-enterprise-linux-9",
          "version": "2.0.0",
          "id": "1.3.1.7"
        },
        {
          "source": "cis-red-hat-enterprise-linux-9",
          "version": "2.0.0",
          "id": "1.3.1.8"
        }
      ],
      "parameters": {
        "names": [
          "mcstrans",
          "setroubleshoot",
          "setroubleshoot-server"
        ]
      },
      "parameterNotes": {
        "names": "packages that must not be installed"
      },
      "tests": []
    },
    {
      "id": "selinux-no-permissive-domains",
      "title": "No SELinux domain was made permissive",
      "severity": "medium",
      "pass": "!selinux.permissiveDomains.exists(d, !(d in params.exceptions))",
      "evidence": "selinux.permissiveDomains.filter(d, !(d in params.exceptions)).map(d, \"domain \" + d + \" is permissive\")",
      "rationale": "The host says enforcing, and the service that was once in somebody's way is left out of it.",
      "remediation": "See what it is denied with `ausearch -m avc`, mend that with `audit2allow` or a boolean, then `semanage permissive -d TYPE` for each of them.",
      "references": [
        {
          "source": "cis-red-hat-enterprise-linux-9",
          "version": "2.0.0",
          "id": "1.3.1.5"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {
        "exceptions": []
      },
      "parameterNotes": {
        "exceptions": "domains that may be permissive"
      },
      "tests": []
    },
    {
      "id": "selinux-not-disabled-by-boot-parameter",
      "title": "No boot parameter switches SELinux off",
      "severity": "high",
      "pass": "!selinux.disabledAtBoot",
      "evidence": "[\"boot parameter selinux=0\"]",
      "rationale": "selinux=0 goes before every configuration: the host says enforcing in its file and has nothing.",
      "remediation": "`grubby --update-kernel=ALL --remove-args=selinux`, boot permissive once so that files are labelled, then enforcing.",
      "references": [
        {
          "source": "cis-red-hat-enterprise-linux-9",
          "version": "2.0.0",
          "id": "1.3.1.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "selinux-not-permissive-at-boot",
      "title": "SELinux is not booted permissive",
      "severity": "high",
      "applies": "host.bootParameters.exists(b, b.name == \"enforcing\") && \"selinux\" in host.securityModules",
      "pass": "!host.bootParameters.exists(b, b.name == \"enforcing\" && b.value == \"0\" && !host.bootParameters.exists(o, o.name == b.name && o.position > b.position))",
      "evidence": "host.bootParameters.filter(b, b.name == \"enforcing\" && b.value == \"0\").map(b, \"boot parameter enforcing=0\")",
      "rationale": "enforcing=0 boots SELinux in permissive mode whatever its configuration says: it logs and stops nothing.",
      "remediation": "`grubby --update-kernel=ALL --remove-args=enforcing`, `setenforce 1`, and look at the denials that were let through with `ausearch -m avc`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "selinux-policy-complete",
      "title": "SELinux has a policy that confines services",
      "severity": "medium",
      "pass": "selinux.configuredType in params.types",
      "evidence": "[\"policy: \" + (selinux.configuredType == \"\" ? \"none is named\" : selinux.configuredType)]",
      "rationale": "The minimum policy confines almost nothing, and a policy of one's own confines what somebody remembered.",
      "remediation": "Install selinux-policy-targeted, set `SELINUXTYPE=targeted` in `/etc/selinux/config`, then `touch /.autorelabel` and reboot.",
      "references": [
        {
          "source": "cis-red-hat-enterprise-linux-9",
          "version": "2.0.0",
          "id": "1.3.1.3"
        }
      ],
      "parameters": {
        "types": [
          "targeted",
          "mls"
        ]
      },
      "parameterNotes": {
        "types": "policies that confine services"
      },
      "tests": []
    },
    {
      "id": "selinux-services-confined",
      "title": "Every service has an SELinux domain of its own",
      "severity": "medium",
      "pass": "!selinux.unconfinedDaemons.exists(d, !(d.executable in params.exceptions))",
      "evidence": "selinux.unconfinedDaemons.filter(d, !(d.executable in params.exceptions)).map(d, (d.executable == \"\" ? \"a program\" : d.executable) + (d.unit == \"\" ? \"\" : \" of \" + d.unit) + \" runs as \" + d.type)",
      "rationale": "A service that the policy does not know runs unconfined: taken over it may do what its user may, as on a host without SELinux.",
      "remediation": "Write a policy for it, with `sepolicy generate --init` as a start, or label it with the type of a service of its kind. What must stay so goes into parameter `exceptions`.",
      "references": [
        {
          "source": "cis-red-hat-enterprise-linux-9",
          "version": "2.0.0",
          "id": "1.3.1.6"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {
        "exceptions": []
      },
      "parameterNotes": {
        "exceptions": "paths of programs that may be unconfined"
      },
      "tests": []
    },
    {
      "id": "selinux-weakening-booleans-off",
      "title": "No SELinux boolean weakens the whole host",
      "severity": "medium",
      "pass": "!selinux.booleans.exists(b, b.name in params.off && (b.value || b.pending))",
      "evidence": "selinux.booleans.filter(b, b.name in params.off && (b.value || b.pending)).map(b, b.name + (b.value ? \" is on\" : \" will be on\"))",
      "rationale": "Each of these opens one door for every service: memory that is both written and run, low addresses, any port, kernel modules.",
      "remediation": "`setsebool -P` with the name and off, for each; see with `ausearch -m avc` what then is denied, and give that one service what it needs.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {
        "off": [
          "container_connect_any",
          "container_use_devices",
          "domain_kernel_load_modules",
          "httpd_execmem",
          "mmap_low_allowed",
          "nis_enabled",
          "selinuxuser_execheap"
        ]
      },
      "parameterNotes": {
        "off": "booleans that must be off"
      },
      "tests": []
    },
    {
      "id": "set-id-files-of-packages",
      "title": "Every set-uid and set-gid file belongs to a package",
      "severity": "high",
      "pass": "files.setIdFiles.all(f, f.path in params.paths || f.package != \"\")",
      "evidence": "files.setIdFiles.filter(f, !(f.path in params.paths) && has(f.package) && f.package == \"\").map(f, f.path + \" has mode \" + f.mode + \" and belongs to no package\")",
      "rationale": "Such a program runs as its owner, whoever starts it. One that no package brought is a door that somebody made, or forgot.",
      "remediation": "Find out where it came from; then take the bit away, `chmod ug-s {{ files.setIdFiles.filter(f, !(f.path in params.paths) && has(f.package) && f.package == \"\").map(f, f.path) }}`, or remove the file. What is meant to be goes into parameter `paths`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.13"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1548.001"
        }
      ],
      "parameters": {
        "paths": []
      },
      "parameterNotes": {
        "paths": "files that are meant to have the bit"
      },
      "tests": []
    },
    {
      "id": "setuid-programs-do-not-dump",
      "title": "Programs that change their rights leave no readable memory dumps",
      "severity": "medium",
      "pass": "sysctl.parameters.exists(p, p.name == \"fs.suid_dumpable\" && (p.live == \"0\" || (p.live == \"2\" && sysctl.parameters.exists(c, c.name == \"kernel.core_pattern\" && (c.live.startsWith(\"|/\") || c.live.startsWith(\"/\"))))))",
      "evidence": "sysctl.parameters.filter(p, p.name in [\"fs.suid_dumpable\", \"kernel.core_pattern\"] && has(p.live)).map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "A dump of sudo or su holds password hashes. With 1 it lands in the directory and with the rights of the user who started it.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'fs.suid_dumpable = 0' > /etc/sysctl.d/60-gabion-dumps.conf\nsysctl --system\n```\n\n2 is fine while kernel.core_pattern names a program or an absolute path, as systemd-coredump does.",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-dumps.conf",
          "lines": [
            "fs.suid_dumpable = 0"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-dumps.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.5.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1003"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "shadow-group-empty",
      "title": "Nobody is in group shadow",
      "severity": "high",
      "pass": "accounts.groups.all(g, g.name != \"shadow\" || (g.members.size() == 0 && g.primaryMembers.size() == 0))",
      "evidence": "accounts.groups.filter(g, g.name == \"shadow\").map(g, \"in group shadow: \" + (g.members + g.primaryMembers).join(\", \"))",
      "rationale": "Members may read every password hash of the host and guess at leisure elsewhere.",
      "remediation": "`for user in {{ accounts.privilegedMembers.filter(p, p.group == \"shadow\" && p.via == \"supplementary\").map(p, p.user) }}; do gpasswd -d \"$user\" shadow; done`; whose primary group it is gets another with `usermod --gid GROUP USER`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.2.4"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1003.008"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "snmp-agent-off",
      "title": "No SNMP agent runs",
      "severity": "medium",
      "pass": "!services.known.exists(s, s.name in [\"snmp\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"snmp\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "Versions 1 and 2 have one word for a password, sent in the clear, and tell processes, addresses and software.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"snmp\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"snmp\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"snmp\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.15"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1602.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "snmp-not-exposed",
      "title": "SNMP is not open to the network",
      "severity": "medium",
      "pass": "!ports.listeners.exists(l, l.scope != \"loopback\" && l.protocol in [\"tcp\", \"udp\"] && (string(l.port) + \"/\" + l.protocol) in params.services)",
      "evidence": "ports.listeners.filter(l, l.scope != \"loopback\" && l.protocol in [\"tcp\", \"udp\"] && (string(l.port) + \"/\" + l.protocol) in params.services).map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + (has(l.holders) && l.holders.size() > 0 ? \" by \" + l.holders.map(h, h.process).join(\", \") : \"\"))",
      "rationale": "SNMP versions 1 and 2c authenticate with a word sent in clear and tell routes, processes and sometimes command lines; over UDP they amplify floods.",
      "remediation": "Remove snmpd and use an agent with TLS, or allow SNMPv3 with authPriv only, bound to the management address (`agentaddress` in `/etc/snmp/snmpd.conf`).",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.15"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1602.001"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1498.002"
        }
      ],
      "parameters": {
        "services": [
          "161/udp",
          "161/tcp",
          "199/tcp"
        ]
      },
      "parameterNotes": {
        "services": "`port/protocol` of SNMP"
      },
      "tests": []
    },
    {
      "id": "source-routes-not-accepted",
      "title": "Packets cannot choose their own way through the network",
      "severity": "medium",
      "pass": "!sysctl.interfaces.exists(i, i.ipv4.acceptsSourceRoute || i.ipv6.acceptsSourceRoute)",
      "evidence": "sysctl.interfaces.filter(i, has(i.ipv4) && has(i.ipv6) && (i.ipv4.acceptsSourceRoute || i.ipv6.acceptsSourceRoute)).map(i, (i.name == \"default\" ? \"each new interface\" : i.name) + \" accepts source-routed packets\")",
      "rationale": "Such packets reach networks that routing and firewalls keep apart, and their answers go back the same way.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'net.ipv4.conf.all.accept_source_route = 0' 'net.ipv4.conf.default.accept_source_route = 0' 'net.ipv6.conf.all.accept_source_route = 0' 'net.ipv6.conf.default.accept_source_route = 0' > /etc/sysctl.d/60-gabion-source-routes.conf\nsysctl --system\n```",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-source-routes.conf",
          "lines": [
            "net.ipv4.conf.all.accept_source_route = 0",
            "net.ipv4.conf.default.accept_source_route = 0",
            "net.ipv6.conf.all.accept_source_route = 0",
            "net.ipv6.conf.default.accept_source_route = 0"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-source-routes.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "3.3.8"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1090"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ssh-access-limited-to-named-accounts",
      "title": "The SSH server says who may log in",
      "severity": "low",
      "pass": "ssh.settings.allowUsers.value + ssh.settings.allowGroups.value + ssh.settings.denyUsers.value + ssh.settings.denyGroups.value > 0",
      "evidence": "[\"none of AllowUsers, AllowGroups, DenyUsers and DenyGroups is set\"]",
      "rationale": "Every account that a package or a colleague adds is a login from the network, unless the server has a list.",
      "remediation": "Put those who log in into a group, set `AllowGroups` to it in {{ ssh.configurationFile }}, then `systemctl reload {{ ssh.unit }}`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.4"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1078.003"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ssh-agent-forwarding-disabled",
      "title": "The SSH server forwards no agents",
      "severity": "low",
      "pass": "ssh.settings.disableForwarding.value || (!ssh.settings.allowAgentForwarding.value && ssh.matches.all(m, m.settings.all(s, s.keyword != \"allowagentforwarding\" || s.value == \"no\")))",
      "evidence": "(!ssh.settings.allowAgentForwarding.value ? [] : [\"AllowAgentForwarding \" + (ssh.settings.allowAgentForwarding.value ? \"yes\" : \"no\") + \" (\" + ssh.settings.allowAgentForwarding.origin + \")\"]) + ssh.matches.filter(m, m.settings.exists(s, s.keyword == \"allowagentforwarding\" && !(s.value == \"no\"))).map(m, \"AllowAgentForwarding \" + m.settings.filter(s, s.keyword == \"allowagentforwarding\")[0].value + \" for Match \" + m.criteria)",
      "rationale": "Whoever is root on this host can use the forwarded agent of everybody who is logged in, on all hosts where their keys fit.",
      "remediation": "Set `AllowAgentForwarding no` in {{ ssh.configurationFile }}, then `systemctl reload {{ ssh.unit }}`. Instead of a forwarded agent `ssh -J` goes through a host.",
      "fix": [
        {
          "run": [
            "grep",
            "-Eqi",
            "^[[:space:]]*Include[[:space:]].*sshd_config[.]d/",
            "{{ ssh.configurationFile }}"
          ]
        },
        {
          "file": "/etc/ssh/sshd_config.d/00-gabion-agent-forwarding-disabled.conf",
          "lines": [
            "AllowAgentForwarding no"
          ]
        },
        {
          "run": [
            "sshd",
            "-t"
          ]
        },
        {
          "run": [
            "systemctl",
            "reload",
            "{{ ssh.unit }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.8"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1563.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ssh-authentication-tries-limited",
      "title": "The SSH server ends a connection after a few wrong tries",
      "severity": "low",
      "pass": "ssh.settings.maxAuthTries.value <= params.maximum && ssh.matches.all(m, m.settings.all(s, s.keyword != \"maxauthtries\" || int(s.value) <= params.maximum))",
      "evidence": "(ssh.settings.maxAuthTries.value <= params.maximum ? [] : [\"MaxAuthTries \" + string(ssh.settings.maxAuthTries.value) + \" (\" + ssh.settings.maxAuthTries.origin + \")\"]) + ssh.matches.filter(m, m.settings.exists(s, s.keyword == \"maxauthtries\" && !(int(s.value) <= params.maximum))).map(m, \"MaxAuthTries \" + m.settings.filter(s, s.keyword == \"maxauthtries\")[0].value + \" for Match \" + m.criteria)",
      "rationale": "Each connection that fails is seen by the log and by tools that count. Many tries in one connection count as one.",
      "remediation": "Set `MaxAuthTries 4` in {{ ssh.configurationFile }}, then `systemctl reload {{ ssh.unit }}`.",
      "fix": [
        {
          "run": [
            "grep",
            "-Eqi",
            "^[[:space:]]*Include[[:space:]].*sshd_config[.]d/",
            "{{ ssh.configurationFile }}"
          ]
        },
        {
          "file": "/etc/ssh/sshd_config.d/00-gabion-authentication-tries-limited.conf",
          "lines": [
            "MaxAuthTries 4"
          ]
        },
        {
          "run": [
            "sshd",
            "-t"
          ]
        },
        {
          "run": [
            "systemctl",
            "reload",
            "{{ ssh.unit }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.16"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110.001"
        }
      ],
      "parameters": {
        "maximum": 4
      },
      "parameterNotes": {
        "maximum": "most tries of a connection"
      },
      "tests": []
    },
    {
      "id": "ssh-banner-set",
      "title": "The SSH server shows a warning before the login",
      "severity": "low",
      "pass": "ssh.settings.banner.value != \"none\"",
      "evidence": "[\"Banner \" + ssh.settings.banner.value + \" (\" + ssh.settings.banner.origin + \")\"]",
      "rationale": "In some places the law asks for a warning before an intruder can be prosecuted. It stops nobody.",
      "remediation": "Write the text that your counsel wants to `/etc/issue.net`, set `Banner /etc/issue.net` in {{ ssh.configurationFile }}, then `systemctl reload {{ ssh.unit }}`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.5"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ssh-ciphers-strong",
      "title": "The SSH server offers strong ciphers only",
      "severity": "medium",
      "pass": "!ssh.settings.ciphers.value.exists(a, a in params.weak)",
      "evidence": "ssh.settings.ciphers.value.filter(a, a in params.weak).map(a, a + \" is offered\" + \" (\" + ssh.settings.ciphers.origin + \")\")",
      "rationale": "Modes with chained blocks let an observer recover pieces of a session; arcfour, DES and other old ciphers can be broken outright.",
      "remediation": "Take the weak names out of the line `Ciphers` in {{ ssh.configurationFile }}, or take the line out, since the defaults hold none; then `systemctl reload {{ ssh.unit }}`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.6"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1040"
        }
      ],
      "parameters": {
        "weak": [
          "3des-cbc",
          "aes128-cbc",
          "aes192-cbc",
          "aes256-cbc",
          "rijndael-cbc@lysator.liu.se",
          "arcfour",
          "arcfour128",
          "arcfour256",
          "blowfish-cbc",
          "cast128-cbc",
          "none"
        ]
      },
      "parameterNotes": {
        "weak": "names that must not be offered"
      },
      "tests": []
    },
    {
      "id": "ssh-configuration-accepted",
      "title": "The SSH server would start with its configuration",
      "severity": "medium",
      "pass": "ssh.rejectedLines.size() == 0",
      "evidence": "ssh.rejectedLines.map(l, l.path + \" line \" + string(l.line) + \" is not understood\")",
      "rationale": "The server runs on with what it read when it started. At the next restart, mostly after an upgrade or a reboot, it does not come up, and nobody gets in to mend it.",
      "remediation": "`sshd -t` names the line and what is wrong with it. Keep a session open until a new one gets in.",
      "references": [],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ssh-configuration-protected",
      "title": "The configuration of the SSH server is changed by root only",
      "severity": "medium",
      "pass": "ssh.files.all(x, (x.uid == 0 && x.gid == 0 && modeWithin(x.mode, params.maxMode)))",
      "evidence": "ssh.files.filter(x, !(x.uid == 0 && x.gid == 0 && modeWithin(x.mode, params.maxMode))).map(x, x.path + \" has mode \" + x.mode + \", owner \" + string(x.uid) + \":\" + string(x.gid) + \", expected at most \" + params.maxMode + \" of root\")",
      "rationale": "Whoever writes this file decides who logs in as whom, at the next reload.",
      "remediation": "`chown root:root {{ ssh.files.filter(x, !(x.uid == 0 && x.gid == 0 && modeWithin(x.mode, params.maxMode))).map(x, x.path) }}` and `chmod {{ params.maxMode }} {{ ssh.files.filter(x, !(x.uid == 0 && x.gid == 0 && modeWithin(x.mode, params.maxMode))).map(x, x.path) }}`",
      "fix": [
        {
          "paths": "{{ ssh.files.filter(x, !(x.uid == 0 && x.gid == 0 && modeWithin(x.mode, params.maxMode))).map(x, x.path) }}",
          "mode": "{{ params.maxMode }}",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1556"
        }
      ],
      "parameters": {
        "maxMode": "0644"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "ssh-empty-passwords-refused",
      "title": "The SSH server lets nobody in without a password",
      "severity": "critical",
      "pass": "!ssh.settings.permitEmptyPasswords.value && ssh.matches.all(m, m.settings.all(s, s.keyword != \"permitemptypasswords\" || s.value == \"no\"))",
      "evidence": "(!ssh.settings.permitEmptyPasswords.value ? [] : [\"PermitEmptyPasswords \" + (ssh.settings.permitEmptyPasswords.value ? \"yes\" : \"no\") + \" (\" + ssh.settings.permitEmptyPasswords.origin + \")\"]) + ssh.matches.filter(m, m.settings.exists(s, s.keyword == \"permitemptypasswords\" && !(s.value == \"no\"))).map(m, \"PermitEmptyPasswords \" + m.settings.filter(s, s.keyword == \"permitemptypasswords\")[0].value + \" for Match \" + m.criteria)",
      "rationale": "An account without a password and a server that takes it is an open door with a name on it: anybody who guesses the name has a shell.",
      "remediation": "Set `PermitEmptyPasswords no` in {{ ssh.configurationFile }}, test with `sshd -t`, then `systemctl reload {{ ssh.unit }}`.",
      "fix": [
        {
          "run": [
            "grep",
            "-Eqi",
            "^[[:space:]]*Include[[:space:]].*sshd_config[.]d/",
            "{{ ssh.configurationFile }}"
          ]
        },
        {
          "file": "/etc/ssh/sshd_config.d/00-gabion-empty-passwords-refused.conf",
          "lines": [
            "PermitEmptyPasswords no"
          ]
        },
        {
          "run": [
            "sshd",
            "-t"
          ]
        },
        {
          "run": [
            "systemctl",
            "reload",
            "{{ ssh.unit }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.19"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1078"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ssh-gateway-ports-closed",
      "title": "Forwarded ports of SSH sessions are open to this host only",
      "severity": "medium",
      "pass": "ssh.settings.disableForwarding.value || (ssh.settings.gatewayPorts.value == \"no\" && ssh.matches.all(m, m.settings.all(s, s.keyword != \"gatewayports\" || s.value == \"no\")))",
      "evidence": "(ssh.settings.gatewayPorts.value == \"no\" ? [] : [\"GatewayPorts \" + ssh.settings.gatewayPorts.value + \" (\" + ssh.settings.gatewayPorts.origin + \")\"]) + ssh.matches.filter(m, m.settings.exists(s, s.keyword == \"gatewayports\" && !(s.value == \"no\"))).map(m, \"GatewayPorts \" + m.settings.filter(s, s.keyword == \"gatewayports\")[0].value + \" for Match \" + m.criteria)",
      "rationale": "With it a user's forwarded port listens on every address: a service from inside somebody's laptop or network, in the name of this host.",
      "remediation": "Set `GatewayPorts no` in {{ ssh.configurationFile }}, then `systemctl reload {{ ssh.unit }}`.",
      "fix": [
        {
          "run": [
            "grep",
            "-Eqi",
            "^[[:space:]]*Include[[:space:]].*sshd_config[.]d/",
            "{{ ssh.configurationFile }}"
          ]
        },
        {
          "file": "/etc/ssh/sshd_config.d/00-gabion-gateway-ports-closed.conf",
          "lines": [
            "GatewayPorts no"
          ]
        },
        {
          "run": [
            "sshd",
            "-t"
          ]
        },
        {
          "run": [
            "systemctl",
            "reload",
            "{{ ssh.unit }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.8"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1572"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ssh-gssapi-authentication-disabled",
      "title": "The SSH server takes no Kerberos tickets unless it must",
      "severity": "low",
      "pass": "!ssh.settings.gssapiAuthentication.value && ssh.matches.all(m, m.settings.all(s, s.keyword != \"gssapiauthentication\" || s.value == \"no\"))",
      "evidence": "(!ssh.settings.gssapiAuthentication.value ? [] : [\"GSSAPIAuthentication \" + (ssh.settings.gssapiAuthentication.value ? \"yes\" : \"no\") + \" (\" + ssh.settings.gssapiAuthentication.origin + \")\"]) + ssh.matches.filter(m, m.settings.exists(s, s.keyword == \"gssapiauthentication\" && !(s.value == \"no\"))).map(m, \"GSSAPIAuthentication \" + m.settings.filter(s, s.keyword == \"gssapiauthentication\")[0].value + \" for Match \" + m.criteria)",
      "rationale": "Where no Kerberos is in use it is code of the login path that nobody needs, and it has had its holes.",
      "remediation": "Set `GSSAPIAuthentication no` in {{ ssh.configurationFile }}, then `systemctl reload {{ ssh.unit }}`. Members of a Kerberos realm waive this check.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.9"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ssh-guessing-blocked",
      "title": "Who guesses ssh passwords is locked out",
      "severity": "low",
      "applies": "services.known.exists(s, s.name == \"ssh\" && s.atBoot)",
      "pass": "services.known.exists(s, s.name in params.services && s.atBoot)",
      "evidence": "[\"none of \" + params.services.join(\", \") + \" starts at boot\"]",
      "rationale": "Every reachable ssh server is tried around the clock. Locking out an address after a few failures ends most of it; keys alone make it harmless.",
      "remediation": "Install fail2ban (`apt install fail2ban`), or let nobody in by password and close the port to other networks.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110"
        }
      ],
      "parameters": {
        "services": [
          "fail2ban",
          "crowdsec",
          "sshguard"
        ]
      },
      "parameterNotes": {
        "services": "names of services of which one must start at boot"
      },
      "tests": []
    },
    {
      "id": "ssh-host-based-authentication-disabled",
      "title": "The SSH server does not take the word of other hosts for their users",
      "severity": "high",
      "pass": "!ssh.settings.hostbasedAuthentication.value && ssh.matches.all(m, m.settings.all(s, s.keyword != \"hostbasedauthentication\" || s.value == \"no\"))",
      "evidence": "(!ssh.settings.hostbasedAuthentication.value ? [] : [\"HostbasedAuthentication \" + (ssh.settings.hostbasedAuthentication.value ? \"yes\" : \"no\") + \" (\" + ssh.settings.hostbasedAuthentication.origin + \")\"]) + ssh.matches.filter(m, m.settings.exists(s, s.keyword == \"hostbasedauthentication\" && !(s.value == \"no\"))).map(m, \"HostbasedAuthentication \" + m.settings.filter(s, s.keyword == \"hostbasedauthentication\")[0].value + \" for Match \" + m.criteria)",
      "rationale": "With it whoever is root on one trusted host is anybody on this one, and the next.",
      "remediation": "Set `HostbasedAuthentication no` in {{ ssh.configurationFile }}, then `systemctl reload {{ ssh.unit }}`.",
      "fix": [
        {
          "run": [
            "grep",
            "-Eqi",
            "^[[:space:]]*Include[[:space:]].*sshd_config[.]d/",
            "{{ ssh.configurationFile }}"
          ]
        },
        {
          "file": "/etc/ssh/sshd_config.d/00-gabion-host-based-authentication-disabled.conf",
          "lines": [
            "HostbasedAuthentication no"
          ]
        },
        {
          "run": [
            "sshd",
            "-t"
          ]
        },
        {
          "run": [
            "systemctl",
            "reload",
            "{{ ssh.unit }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.10"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1021.004"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ssh-host-keys-private",
      "title": "Private host keys are root’s alone",
      "severity": "high",
      "pass": "ssh.hostKeys.all(k, (k.state == \"absent\" || (k.uid == 0 && (modeWithin(k.mode, \"0600\") || (modeWithin(k.mode, \"0640\") && (k.gid == 0 || accounts.groups.exists(g, g.gid == k.gid && g.name in params.groups) || (!accounts.groups.exists(g, g.gid == k.gid) && accounts.gaps.exists(x, x.field == \"groups\" && x.effect == \"incomplete\") && unknown(\"the name of group \" + string(k.gid) + \" is not known\"))))))))",
      "evidence": "ssh.hostKeys.filter(k, !(k.state == \"absent\" || (k.uid == 0 && (modeWithin(k.mode, \"0600\") || (modeWithin(k.mode, \"0640\") && (k.gid == 0 || accounts.groups.exists(g, g.gid == k.gid && g.name in params.groups))))))).map(k, k.path + \" has mode \" + k.mode + \", owner \" + string(k.uid) + \":\" + string(k.gid))",
      "rationale": "Whoever reads a host key can be this host towards everybody, and take their passwords and sessions.",
      "remediation": "`chown root:root {{ ssh.hostKeys.filter(k, k.state == \"present\").map(k, k.path) }}` and `chmod 0600 {{ ssh.hostKeys.filter(k, k.state == \"present\").map(k, k.path) }}`. If others could read a key, make new ones with `ssh-keygen -A` after removing it.",
      "fix": [
        {
          "paths": "{{ ssh.hostKeys.filter(k, k.state == \"present\").map(k, k.path) }}",
          "mode": "0600",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1552.004"
        }
      ],
      "parameters": {
        "groups": [
          "ssh_keys",
          "_ssh"
        ]
      },
      "parameterNotes": {
        "groups": "groups that may read host keys"
      },
      "tests": []
    },
    {
      "id": "ssh-host-keys-strong",
      "title": "Host keys are long enough",
      "severity": "medium",
      "pass": "!ssh.hostKeys.exists(k, (k.state == \"present\" && (k.type == \"ssh-dss\" || (k.type == \"ssh-rsa\" && k.bits > 0 && k.bits < params.rsaBits))))",
      "evidence": "ssh.hostKeys.filter(k, (k.state == \"present\" && (k.type == \"ssh-dss\" || (k.type == \"ssh-rsa\" && k.bits > 0 && k.bits < params.rsaBits)))).map(k, k.path + \" is \" + k.type + \" of \" + string(k.bits) + \" bits\")",
      "rationale": "A key of 1024 bits can be computed by those who can pay for it, and then their host is this host.",
      "remediation": "`rm {{ ssh.hostKeys.filter(k, k.state == \"present\" && (k.type == \"ssh-dss\" || (k.type == \"ssh-rsa\" && k.bits > 0 && k.bits < params.rsaBits))).map(k, k.path) }}`, then `ssh-keygen -A` and `systemctl restart {{ ssh.unit }}`. Users have to be told the new fingerprints.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1557"
        }
      ],
      "parameters": {
        "rsaBits": 2048
      },
      "parameterNotes": {
        "rsaBits": "least bits of an RSA key"
      },
      "tests": []
    },
    {
      "id": "ssh-idle-connections-ended",
      "title": "SSH connections that nobody answers are ended",
      "severity": "low",
      "pass": "ssh.settings.clientAliveIntervalSeconds.value > 0 && ssh.settings.clientAliveCountMax.value > 0 && ssh.settings.clientAliveIntervalSeconds.value * ssh.settings.clientAliveCountMax.value <= params.maximumSeconds",
      "evidence": "[ssh.settings.clientAliveIntervalSeconds.value == 0 || ssh.settings.clientAliveCountMax.value == 0 ? \"clients are never asked whether they are still there\" : \"ClientAliveInterval \" + string(ssh.settings.clientAliveIntervalSeconds.value) + \" times ClientAliveCountMax \" + string(ssh.settings.clientAliveCountMax.value) + \" is more than \" + string(params.maximumSeconds) + \" seconds\"]",
      "rationale": "A connection whose other end is gone stays open for days with all that it may do, and holds a session that somebody may take over.",
      "remediation": "Set `ClientAliveInterval 15` and `ClientAliveCountMax 3` in {{ ssh.configurationFile }}, then `systemctl reload {{ ssh.unit }}`.",
      "fix": [
        {
          "run": [
            "grep",
            "-Eqi",
            "^[[:space:]]*Include[[:space:]].*sshd_config[.]d/",
            "{{ ssh.configurationFile }}"
          ]
        },
        {
          "file": "/etc/ssh/sshd_config.d/00-gabion-idle-connections-ended.conf",
          "lines": [
            "ClientAliveInterval 15",
            "ClientAliveCountMax 3"
          ]
        },
        {
          "run": [
            "sshd",
            "-t"
          ]
        },
        {
          "run": [
            "systemctl",
            "reload",
            "{{ ssh.unit }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.7"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1563.001"
        }
      ],
      "parameters": {
        "maximumSeconds": 900
      },
      "parameterNotes": {
        "maximumSeconds": "most seconds until an idle connection ends"
      },
      "tests": []
    },
    {
      "id": "ssh-key-exchange-post-quantum",
      "title": "The SSH server can exchange keys that quantum computers do not open",
      "severity": "low",
      "pass": "ssh.settings.kexAlgorithms.value.exists(a, a in params.methods)",
      "evidence": "[\"none of \" + params.methods.join(\", \") + \" is offered\" + \" (\" + ssh.settings.kexAlgorithms.origin + \")\"]",
      "rationale": "What is recorded today can be opened when such a computer exists. The hybrid methods keep a session secret then, too, and lose nothing until then.",
      "remediation": "OpenSSH offers one by default since version 9.0: upgrade, and put a method in front of a line `KexAlgorithms` of your own with `^`; then `systemctl reload {{ ssh.unit }}`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1040"
        }
      ],
      "parameters": {
        "methods": [
          "mlkem768x25519-sha256",
          "sntrup761x25519-sha512",
          "sntrup761x25519-sha512@openssh.com"
        ]
      },
      "parameterNotes": {
        "methods": "methods of which one must be offered"
      },
      "tests": []
    },
    {
      "id": "ssh-key-exchange-strong",
      "title": "The SSH server offers strong key exchange only",
      "severity": "medium",
      "pass": "!ssh.settings.kexAlgorithms.value.exists(a, a in params.weak)",
      "evidence": "ssh.settings.kexAlgorithms.value.filter(a, a in params.weak).map(a, a + \" is offered\" + \" (\" + ssh.settings.kexAlgorithms.origin + \")\")",
      "rationale": "Exchanges over a small group or with SHA-1 can be recorded today and solved by those who can pay for it.",
      "remediation": "Take the weak names out of the line `KexAlgorithms` in {{ ssh.configurationFile }}, or take the line out; then `systemctl reload {{ ssh.unit }}`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.12"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1040"
        }
      ],
      "parameters": {
        "weak": [
          "diffie-hellman-group1-sha1",
          "diffie-hellman-group14-sha1",
          "diffie-hellman-group-exchange-sha1"
        ]
      },
      "parameterNotes": {
        "weak": "names that must not be offered"
      },
      "tests": []
    },
    {
      "id": "ssh-key-types-strong",
      "title": "No authorized ssh key is of a weak type",
      "severity": "medium",
      "pass": "!accounts.users.exists(u, u.authorizedKeys.exists(k, k.type in params.types))",
      "evidence": "accounts.users.filter(u, has(u.authorizedKeys) && u.authorizedKeys.exists(k, k.type in params.types)).map(u, \"user \" + u.name + \" has \" + u.authorizedKeys.filter(k, k.type in params.types).map(k, string(k.keys) + \" \" + k.type).join(\", \"))",
      "rationale": "DSA keys have 1024 bits and a signature that leaks the key when the random numbers are poor. OpenSSH has refused them for years; a server that takes them is very old or was talked into it.",
      "remediation": "Have the owner make a new one (`ssh-keygen -t ed25519`) and delete the old lines in `{{ accounts.users.filter(u, has(u.authorizedKeys) && u.authorizedKeys.exists(k, k.type in params.types)).map(u, u.home + \"/.ssh/authorized_keys\") }}`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1098.004"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110"
        }
      ],
      "parameters": {
        "types": [
          "ssh-dss",
          "ssh-dss-cert-v01@openssh.com"
        ]
      },
      "parameterNotes": {
        "types": "types of keys that are weak"
      },
      "tests": []
    },
    {
      "id": "ssh-login-grace-time-short",
      "title": "The SSH server does not wait long for a login",
      "severity": "low",
      "pass": "ssh.settings.loginGraceTimeSeconds.value > 0 && ssh.settings.loginGraceTimeSeconds.value <= params.maximumSeconds",
      "evidence": "[\"LoginGraceTime \" + string(ssh.settings.loginGraceTimeSeconds.value) + \" seconds\" + \" (\" + ssh.settings.loginGraceTimeSeconds.origin + \")\"]",
      "rationale": "Connections that never log in hold places that others need, and each is a process of root that waits for input from strangers.",
      "remediation": "Set `LoginGraceTime 60` in {{ ssh.configurationFile }}, then `systemctl reload {{ ssh.unit }}`.",
      "fix": [
        {
          "run": [
            "grep",
            "-Eqi",
            "^[[:space:]]*Include[[:space:]].*sshd_config[.]d/",
            "{{ ssh.configurationFile }}"
          ]
        },
        {
          "file": "/etc/ssh/sshd_config.d/00-gabion-login-grace-time-short.conf",
          "lines": [
            "LoginGraceTime 60"
          ]
        },
        {
          "run": [
            "sshd",
            "-t"
          ]
        },
        {
          "run": [
            "systemctl",
            "reload",
            "{{ ssh.unit }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.13"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1499.002"
        }
      ],
      "parameters": {
        "maximumSeconds": 60
      },
      "parameterNotes": {
        "maximumSeconds": "most seconds to log in"
      },
      "tests": []
    },
    {
      "id": "ssh-logs-logins",
      "title": "The SSH server logs who logs in and who fails",
      "severity": "medium",
      "pass": "ssh.settings.logLevel.value in params.levels && ssh.matches.all(m, m.settings.all(s, s.keyword != \"loglevel\" || s.value in params.levels))",
      "evidence": "(ssh.settings.logLevel.value in params.levels ? [] : [\"LogLevel \" + ssh.settings.logLevel.value + \" (\" + ssh.settings.logLevel.origin + \")\"]) + ssh.matches.filter(m, m.settings.exists(s, s.keyword == \"loglevel\" && !(s.value in params.levels))).map(m, \"LogLevel \" + m.settings.filter(s, s.keyword == \"loglevel\")[0].value + \" for Match \" + m.criteria)",
      "rationale": "Without these lines nobody sees a guessing attack, nor afterwards who came in when. With debug levels the log holds what users would rather keep.",
      "remediation": "Set `LogLevel VERBOSE`, which also names the key that was used, in {{ ssh.configurationFile }}, then `systemctl reload {{ ssh.unit }}`.",
      "fix": [
        {
          "run": [
            "grep",
            "-Eqi",
            "^[[:space:]]*Include[[:space:]].*sshd_config[.]d/",
            "{{ ssh.configurationFile }}"
          ]
        },
        {
          "file": "/etc/ssh/sshd_config.d/00-gabion-logs-logins.conf",
          "lines": [
            "LogLevel VERBOSE"
          ]
        },
        {
          "run": [
            "sshd",
            "-t"
          ]
        },
        {
          "run": [
            "systemctl",
            "reload",
            "{{ ssh.unit }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.14"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.006"
        }
      ],
      "parameters": {
        "levels": [
          "INFO",
          "VERBOSE"
        ]
      },
      "parameterNotes": {
        "levels": "levels that log logins and no more"
      },
      "tests": []
    },
    {
      "id": "ssh-macs-strong",
      "title": "The SSH server offers strong message authentication only",
      "severity": "medium",
      "pass": "!ssh.settings.macs.value.exists(a, a in params.weak)",
      "evidence": "ssh.settings.macs.value.filter(a, a in params.weak).map(a, a + \" is offered\" + \" (\" + ssh.settings.macs.origin + \")\")",
      "rationale": "A short or broken checksum lets somebody on the way change a session without being noticed.",
      "remediation": "List strong names in the line `MACs` in {{ ssh.configurationFile }}, such as `-hmac-sha1*,umac-64*` to take some from the defaults; then `systemctl reload {{ ssh.unit }}`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.15"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1557"
        }
      ],
      "parameters": {
        "weak": [
          "hmac-md5",
          "hmac-md5-96",
          "hmac-md5-etm@openssh.com",
          "hmac-md5-96-etm@openssh.com",
          "hmac-ripemd160",
          "hmac-ripemd160@openssh.com",
          "hmac-ripemd160-etm@openssh.com",
          "hmac-sha1-96",
          "hmac-sha1-96-etm@openssh.com"
        ]
      },
      "parameterNotes": {
        "weak": "names that must not be offered"
      },
      "tests": []
    },
    {
      "id": "ssh-password-authentication-disabled",
      "title": "The SSH server takes keys, not passwords",
      "severity": "medium",
      "pass": "(!ssh.settings.passwordAuthentication.value && (!ssh.settings.kbdInteractiveAuthentication.value || !ssh.settings.usePAM.value)) && !ssh.matches.exists(m, m.settings.exists(s, (s.keyword == \"passwordauthentication\" || (s.keyword == \"kbdinteractiveauthentication\" && ssh.settings.usePAM.value)) && s.value == \"yes\"))",
      "evidence": "(ssh.settings.passwordAuthentication.value ? [\"PasswordAuthentication yes\" + \" (\" + ssh.settings.passwordAuthentication.origin + \")\"] : []) + (ssh.settings.kbdInteractiveAuthentication.value && ssh.settings.usePAM.value ? [\"KbdInteractiveAuthentication yes, which asks for passwords through PAM\" + \" (\" + ssh.settings.kbdInteractiveAuthentication.origin + \")\"] : []) + ssh.matches.filter(m, m.settings.exists(s, (s.keyword == \"passwordauthentication\" || (s.keyword == \"kbdinteractiveauthentication\" && ssh.settings.usePAM.value)) && s.value == \"yes\")).map(m, \"passwords for Match \" + m.criteria)",
      "rationale": "Passwords are guessed, reused and typed into the wrong window. A key can be none of that, and a guessing botnet gets nothing for its time.",
      "remediation": "See that every account that logs in has a key, then set `PasswordAuthentication no` and `KbdInteractiveAuthentication no` in {{ ssh.configurationFile }} and `systemctl reload {{ ssh.unit }}`. Where PAM asks for a second factor, take the second keyword out of this check with a waiver.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1021.004"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ssh-public-host-keys-protected",
      "title": "Public host keys are changed by root only",
      "severity": "low",
      "pass": "ssh.hostKeys.all(k, k.publicMode == \"\" || (k.publicUid == 0 && modeWithin(k.publicMode, params.maxMode)))",
      "evidence": "ssh.hostKeys.filter(k, k.publicMode != \"\" && !(k.publicUid == 0 && modeWithin(k.publicMode, params.maxMode))).map(k, k.path + \".pub has mode \" + k.publicMode + \", owner \" + string(k.publicUid))",
      "rationale": "A public key that somebody swapped is copied into known_hosts of others in good faith.",
      "remediation": "`chown root:root {{ ssh.hostKeys.filter(k, k.publicMode != \"\" && !(k.publicUid == 0 && modeWithin(k.publicMode, params.maxMode))).map(k, k.path + \".pub\") }}` and `chmod {{ params.maxMode }} {{ ssh.hostKeys.filter(k, k.publicMode != \"\" && !(k.publicUid == 0 && modeWithin(k.publicMode, params.maxMode))).map(k, k.path + \".pub\") }}`",
      "fix": [
        {
          "paths": "{{ ssh.hostKeys.filter(k, k.publicMode != \"\" && !(k.publicUid == 0 && modeWithin(k.publicMode, params.maxMode))).map(k, k.path + \".pub\") }}",
          "mode": "{{ params.maxMode }}",
          "owner": "root:root"
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1557"
        }
      ],
      "parameters": {
        "maxMode": "0644"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "ssh-reached-from-named-sources-only",
      "title": "The firewall lets named sources only reach ssh",
      "severity": "medium",
      "applies": "firewall.exposures.exists(e, e.protocol == \"tcp\" && e.port in params.ports)",
      "pass": "firewall.exposures.all(e, e.protocol != \"tcp\" || !(e.port in params.ports) || e.verdict in [\"dropped\", \"unknown\"] || e.restriction == \"sources\")",
      "evidence": "firewall.exposures.filter(e, e.protocol == \"tcp\" && e.port in params.ports && !(e.verdict in [\"dropped\", \"unknown\"]) && e.restriction != \"sources\").map(e, string(e.port) + \"/tcp on \" + e.address + \" is reached by \" + e.family + (e.condition == \"\" ? \"\" : \" \" + e.condition) + \" (\" + e.decidedBy + \")\")",
      "rationale": "An ssh port that the world reaches is tried day and night. What the kernel does counts here, whichever manager wrote the rules.",
      "remediation": "Let in the networks of administrators or a bastion, log in through it once, then take the open rule away.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1021.004"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110"
        }
      ],
      "parameters": {
        "ports": [
          22
        ]
      },
      "parameterNotes": {
        "ports": "ports of ssh"
      },
      "tests": []
    },
    {
      "id": "ssh-rhosts-ignored",
      "title": "The SSH server reads no .rhosts files",
      "severity": "medium",
      "pass": "ssh.settings.ignoreRhosts.value == \"yes\" && ssh.matches.all(m, m.settings.all(s, s.keyword != \"ignorerhosts\" || s.value == \"yes\"))",
      "evidence": "(ssh.settings.ignoreRhosts.value == \"yes\" ? [] : [\"IgnoreRhosts \" + ssh.settings.ignoreRhosts.value + \" (\" + ssh.settings.ignoreRhosts.origin + \")\"]) + ssh.matches.filter(m, m.settings.exists(s, s.keyword == \"ignorerhosts\" && !(s.value == \"yes\"))).map(m, \"IgnoreRhosts \" + m.settings.filter(s, s.keyword == \"ignorerhosts\")[0].value + \" for Match \" + m.criteria)",
      "rationale": "A .rhosts file lets users decide which hosts are trusted, and whoever can write one file in a home directory, too.",
      "remediation": "Set `IgnoreRhosts yes` in {{ ssh.configurationFile }}, or take the line out, since that is the default; then `systemctl reload {{ ssh.unit }}`.",
      "fix": [
        {
          "run": [
            "grep",
            "-Eqi",
            "^[[:space:]]*Include[[:space:]].*sshd_config[.]d/",
            "{{ ssh.configurationFile }}"
          ]
        },
        {
          "file": "/etc/ssh/sshd_config.d/00-gabion-rhosts-ignored.conf",
          "lines": [
            "IgnoreRhosts yes"
          ]
        },
        {
          "run": [
            "sshd",
            "-t"
          ]
        },
        {
          "run": [
            "systemctl",
            "reload",
            "{{ ssh.unit }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.11"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1021.004"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ssh-root-login-disabled",
      "title": "Nobody logs in over SSH as root",
      "severity": "medium",
      "pass": "ssh.settings.permitRootLogin.value in params.allowed && ssh.matches.all(m, m.settings.all(s, s.keyword != \"permitrootlogin\" || s.value in params.allowed))",
      "evidence": "(ssh.settings.permitRootLogin.value in params.allowed ? [] : [\"PermitRootLogin \" + ssh.settings.permitRootLogin.value + \" (\" + ssh.settings.permitRootLogin.origin + \")\"]) + ssh.matches.filter(m, m.settings.exists(s, s.keyword == \"permitrootlogin\" && !(s.value in params.allowed))).map(m, \"PermitRootLogin \" + m.settings.filter(s, s.keyword == \"permitrootlogin\")[0].value + \" for Match \" + m.criteria)",
      "rationale": "Whoever comes in as root has no name: the log says root came, not who. With accounts of their own and sudo each step has an author.",
      "remediation": "Give each administrator an account with sudo, see that it gets in, then set `PermitRootLogin no` in {{ ssh.configurationFile }} and `systemctl reload {{ ssh.unit }}`. Backups by forced command want `forced-commands-only`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.20"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1021.004"
        }
      ],
      "parameters": {
        "allowed": [
          "no",
          "forced-commands-only"
        ]
      },
      "parameterNotes": {
        "allowed": "values of PermitRootLogin that suffice"
      },
      "tests": []
    },
    {
      "id": "ssh-root-password-login-disabled",
      "title": "Nobody logs in over SSH as root with a password",
      "severity": "high",
      "pass": "ssh.settings.permitRootLogin.value != \"yes\" && ssh.matches.all(m, m.settings.all(s, s.keyword != \"permitrootlogin\" || s.value != \"yes\"))",
      "evidence": "(ssh.settings.permitRootLogin.value != \"yes\" ? [] : [\"PermitRootLogin \" + ssh.settings.permitRootLogin.value + \" (\" + ssh.settings.permitRootLogin.origin + \")\"]) + ssh.matches.filter(m, m.settings.exists(s, s.keyword == \"permitrootlogin\" && !(s.value != \"yes\"))).map(m, \"PermitRootLogin \" + m.settings.filter(s, s.keyword == \"permitrootlogin\")[0].value + \" for Match \" + m.criteria)",
      "rationale": "Every host has the account root, so its password is what is guessed at first, day and night, and it opens everything.",
      "remediation": "Set `PermitRootLogin no`, or `prohibit-password` where root needs a key, in {{ ssh.configurationFile }}, then `systemctl reload {{ ssh.unit }}`. See before that an account with sudo gets in.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.20"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1110.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ssh-sessions-limited",
      "title": "One SSH connection opens few sessions",
      "severity": "low",
      "pass": "ssh.settings.maxSessions.value <= params.maximum && ssh.matches.all(m, m.settings.all(s, s.keyword != \"maxsessions\" || int(s.value) <= params.maximum))",
      "evidence": "(ssh.settings.maxSessions.value <= params.maximum ? [] : [\"MaxSessions \" + string(ssh.settings.maxSessions.value) + \" (\" + ssh.settings.maxSessions.origin + \")\"]) + ssh.matches.filter(m, m.settings.exists(s, s.keyword == \"maxsessions\" && !(int(s.value) <= params.maximum))).map(m, \"MaxSessions \" + m.settings.filter(s, s.keyword == \"maxsessions\")[0].value + \" for Match \" + m.criteria)",
      "rationale": "One login that opens sessions without end takes the memory and the processes of a host.",
      "remediation": "Set `MaxSessions 10` in {{ ssh.configurationFile }}, or take the line out, since that is the default; then `systemctl reload {{ ssh.unit }}`.",
      "fix": [
        {
          "run": [
            "grep",
            "-Eqi",
            "^[[:space:]]*Include[[:space:]].*sshd_config[.]d/",
            "{{ ssh.configurationFile }}"
          ]
        },
        {
          "file": "/etc/ssh/sshd_config.d/00-gabion-sessions-limited.conf",
          "lines": [
            "MaxSessions 10"
          ]
        },
        {
          "run": [
            "sshd",
            "-t"
          ]
        },
        {
          "run": [
            "systemctl",
            "reload",
            "{{ ssh.unit }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.17"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1499.002"
        }
      ],
      "parameters": {
        "maximum": 10
      },
      "parameterNotes": {
        "maximum": "most sessions of a connection"
      },
      "tests": []
    },
    {
      "id": "ssh-signatures-strong",
      "title": "The SSH server signs and accepts with strong algorithms only",
      "severity": "medium",
      "pass": "!ssh.settings.hostKeyAlgorithms.value.exists(a, a in params.weak) && !ssh.settings.pubkeyAcceptedAlgorithms.value.exists(a, a in params.weak)",
      "evidence": "ssh.settings.hostKeyAlgorithms.value.filter(a, a in params.weak).map(a, a + \" of host keys\" + \" (\" + ssh.settings.hostKeyAlgorithms.origin + \")\") + ssh.settings.pubkeyAcceptedAlgorithms.value.filter(a, a in params.weak).map(a, a + \" of users\" + \" (\" + ssh.settings.pubkeyAcceptedAlgorithms.origin + \")\")",
      "rationale": "ssh-rsa signs with SHA-1 and ssh-dss with 1024 bits: signatures of both can be forged for money.",
      "remediation": "Take the names out of `HostKeyAlgorithms` and `PubkeyAcceptedAlgorithms` in {{ ssh.configurationFile }}; RSA keys work on with rsa-sha2-512. Then `systemctl reload {{ ssh.unit }}`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1557"
        }
      ],
      "parameters": {
        "weak": [
          "ssh-rsa",
          "ssh-dss",
          "ssh-rsa-cert-v01@openssh.com",
          "ssh-dss-cert-v01@openssh.com"
        ]
      },
      "parameterNotes": {
        "weak": "names that must not be offered"
      },
      "tests": []
    },
    {
      "id": "ssh-strict-modes-on",
      "title": "The SSH server refuses files that others can write",
      "severity": "medium",
      "pass": "ssh.settings.strictModes.value",
      "evidence": "[\"StrictModes \" + (ssh.settings.strictModes.value ? \"yes\" : \"no\") + \" (\" + ssh.settings.strictModes.origin + \")\"]",
      "rationale": "Without it an authorized_keys file that the whole group can write works, and so does the key that somebody adds to it.",
      "remediation": "Set `StrictModes yes` in {{ ssh.configurationFile }}, or take the line out; then `systemctl reload {{ ssh.unit }}`. Mend the modes that it then complains of.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1098.004"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ssh-tcp-forwarding-disabled",
      "title": "The SSH server forwards no TCP connections",
      "severity": "low",
      "pass": "ssh.settings.disableForwarding.value || (ssh.settings.allowTcpForwarding.value == \"no\" && ssh.matches.all(m, m.settings.all(s, s.keyword != \"allowtcpforwarding\" || s.value == \"no\")))",
      "evidence": "(ssh.settings.allowTcpForwarding.value == \"no\" ? [] : [\"AllowTcpForwarding \" + ssh.settings.allowTcpForwarding.value + \" (\" + ssh.settings.allowTcpForwarding.origin + \")\"]) + ssh.matches.filter(m, m.settings.exists(s, s.keyword == \"allowtcpforwarding\" && !(s.value == \"no\"))).map(m, \"AllowTcpForwarding \" + m.settings.filter(s, s.keyword == \"allowtcpforwarding\")[0].value + \" for Match \" + m.criteria)",
      "rationale": "A stolen login that forwards is a way into the network behind this host, past its firewall. Users with a shell can bring a forwarder of their own; users without one cannot.",
      "remediation": "Set `AllowTcpForwarding no`, or `DisableForwarding yes` for all kinds at once, in {{ ssh.configurationFile }}, then `systemctl reload {{ ssh.unit }}`. Jump hosts need it: allow it in a Match block of theirs, and waive this check.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.8"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1572"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ssh-tunnels-disabled",
      "title": "SSH sessions make no network tunnels",
      "severity": "medium",
      "pass": "ssh.settings.permitTunnel.value == \"no\" && ssh.matches.all(m, m.settings.all(s, s.keyword != \"permittunnel\" || s.value == \"no\"))",
      "evidence": "(ssh.settings.permitTunnel.value == \"no\" ? [] : [\"PermitTunnel \" + ssh.settings.permitTunnel.value + \" (\" + ssh.settings.permitTunnel.origin + \")\"]) + ssh.matches.filter(m, m.settings.exists(s, s.keyword == \"permittunnel\" && !(s.value == \"no\"))).map(m, \"PermitTunnel \" + m.settings.filter(s, s.keyword == \"permittunnel\")[0].value + \" for Match \" + m.criteria)",
      "rationale": "A tunnel device joins this host's network with another one, whole and past the firewall.",
      "remediation": "Set `PermitTunnel no` in {{ ssh.configurationFile }}, then `systemctl reload {{ ssh.unit }}`.",
      "fix": [
        {
          "run": [
            "grep",
            "-Eqi",
            "^[[:space:]]*Include[[:space:]].*sshd_config[.]d/",
            "{{ ssh.configurationFile }}"
          ]
        },
        {
          "file": "/etc/ssh/sshd_config.d/00-gabion-tunnels-disabled.conf",
          "lines": [
            "PermitTunnel no"
          ]
        },
        {
          "run": [
            "sshd",
            "-t"
          ]
        },
        {
          "run": [
            "systemctl",
            "reload",
            "{{ ssh.unit }}"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1572"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ssh-unauthenticated-connections-limited",
      "title": "Few SSH connections wait for a login at once",
      "severity": "low",
      "pass": "ssh.settings.maxStartups.start <= params.start && ssh.settings.maxStartups.rate >= params.rate && ssh.settings.maxStartups.full <= params.full",
      "evidence": "[\"MaxStartups \" + string(ssh.settings.maxStartups.start) + \":\" + string(ssh.settings.maxStartups.rate) + \":\" + string(ssh.settings.maxStartups.full) + \" (\" + ssh.settings.maxStartups.origin + \"), expected at most \" + string(params.start) + \":\" + string(params.rate) + \":\" + string(params.full)]",
      "rationale": "Connections that have not logged in are what guessing and exhausting are made of. Refusing some of them early keeps room for those who belong here.",
      "remediation": "Set `MaxStartups 10:30:60` in {{ ssh.configurationFile }}, then `systemctl reload {{ ssh.unit }}`.",
      "fix": [
        {
          "run": [
            "grep",
            "-Eqi",
            "^[[:space:]]*Include[[:space:]].*sshd_config[.]d/",
            "{{ ssh.configurationFile }}"
          ]
        },
        {
          "file": "/etc/ssh/sshd_config.d/00-gabion-unauthenticated-connections-limited.conf",
          "lines": [
            "MaxStartups 10:30:60"
          ]
        },
        {
          "run": [
            "sshd",
            "-t"
          ]
        },
        {
          "run": [
            "systemctl",
            "reload",
            "{{ ssh.unit }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.18"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1499.002"
        }
      ],
      "parameters": {
        "start": 10,
        "rate": 30,
        "full": 100
      },
      "parameterNotes": {
        "start": "most connections before some are refused",
        "rate": "least percentage of them that is refused",
        "full": "most connections before all are refused"
      },
      "tests": []
    },
    {
      "id": "ssh-user-environment-refused",
      "title": "Users cannot set the environment of their SSH sessions",
      "severity": "medium",
      "pass": "ssh.settings.permitUserEnvironment.value == \"no\"",
      "evidence": "[\"PermitUserEnvironment \" + ssh.settings.permitUserEnvironment.value + \" (\" + ssh.settings.permitUserEnvironment.origin + \")\"]",
      "rationale": "With LD_PRELOAD in a file of theirs, users get past forced commands and other limits that were put on their keys.",
      "remediation": "Set `PermitUserEnvironment no` in {{ ssh.configurationFile }}, then `systemctl reload {{ ssh.unit }}`.",
      "fix": [
        {
          "run": [
            "grep",
            "-Eqi",
            "^[[:space:]]*Include[[:space:]].*sshd_config[.]d/",
            "{{ ssh.configurationFile }}"
          ]
        },
        {
          "file": "/etc/ssh/sshd_config.d/00-gabion-user-environment-refused.conf",
          "lines": [
            "PermitUserEnvironment no"
          ]
        },
        {
          "run": [
            "sshd",
            "-t"
          ]
        },
        {
          "run": [
            "systemctl",
            "reload",
            "{{ ssh.unit }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.21"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1574.006"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ssh-uses-pam",
      "title": "The SSH server asks PAM about accounts",
      "severity": "low",
      "pass": "ssh.settings.usePAM.value",
      "evidence": "[\"UsePAM \" + (ssh.settings.usePAM.value ? \"yes\" : \"no\") + \" (\" + ssh.settings.usePAM.origin + \")\"]",
      "rationale": "Locked and expired accounts, limits and the journal of logins come with PAM. Without it a key gets past all of them.",
      "remediation": "Set `UsePAM yes` in {{ ssh.configurationFile }}, then `systemctl reload {{ ssh.unit }}`.",
      "fix": [
        {
          "run": [
            "grep",
            "-Eqi",
            "^[[:space:]]*Include[[:space:]].*sshd_config[.]d/",
            "{{ ssh.configurationFile }}"
          ]
        },
        {
          "file": "/etc/ssh/sshd_config.d/00-gabion-uses-pam.conf",
          "lines": [
            "UsePAM yes"
          ]
        },
        {
          "run": [
            "sshd",
            "-t"
          ]
        },
        {
          "run": [
            "systemctl",
            "reload",
            "{{ ssh.unit }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.22"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ssh-x11-forwarding-disabled",
      "title": "The SSH server forwards no X11",
      "severity": "low",
      "pass": "ssh.settings.disableForwarding.value || (!ssh.settings.x11Forwarding.value && ssh.matches.all(m, m.settings.all(s, s.keyword != \"x11forwarding\" || s.value == \"no\")))",
      "evidence": "(!ssh.settings.x11Forwarding.value ? [] : [\"X11Forwarding \" + (ssh.settings.x11Forwarding.value ? \"yes\" : \"no\") + \" (\" + ssh.settings.x11Forwarding.origin + \")\"]) + ssh.matches.filter(m, m.settings.exists(s, s.keyword == \"x11forwarding\" && !(s.value == \"no\"))).map(m, \"X11Forwarding \" + m.settings.filter(s, s.keyword == \"x11forwarding\")[0].value + \" for Match \" + m.criteria)",
      "rationale": "Through forwarded X11 a program on this host reads the keyboard and the screen of whoever logged in.",
      "remediation": "Set `X11Forwarding no` in {{ ssh.configurationFile }}, then `systemctl reload {{ ssh.unit }}`.",
      "fix": [
        {
          "run": [
            "grep",
            "-Eqi",
            "^[[:space:]]*Include[[:space:]].*sshd_config[.]d/",
            "{{ ssh.configurationFile }}"
          ]
        },
        {
          "file": "/etc/ssh/sshd_config.d/00-gabion-x11-forwarding-disabled.conf",
          "lines": [
            "X11Forwarding no"
          ]
        },
        {
          "run": [
            "sshd",
            "-t"
          ]
        },
        {
          "run": [
            "systemctl",
            "reload",
            "{{ ssh.unit }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.8"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1563.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "startup-settings-written-by-root-only",
      "title": "Only root can change what runs or holds at boot and at login",
      "severity": "high",
      "pass": "files.paths.all(p, !(p.role in [\"unit\", \"shell-startup\", \"kernel-setting\", \"package-source\", \"network-access\", \"boot-loader\", \"ssh\"]) || p.writers.all(w, w in params.writers))",
      "evidence": "files.paths.filter(p, p.role in [\"unit\", \"shell-startup\", \"kernel-setting\", \"package-source\", \"network-access\", \"boot-loader\", \"ssh\"] && has(p.writers) && p.writers.exists(w, !(w in params.writers))).map(p, p.path + \" can be changed by \" + p.writers.filter(w, !(w in params.writers)).join(\", \") + \" through \" + p.writableThrough)",
      "rationale": "Units, shell profiles, kernel parameters, package sources and the boot loader’s menu decide what root runs next.",
      "remediation": "Take the right away where it is given: `chmod go-w {{ files.paths.filter(p, p.role in [\"unit\", \"shell-startup\", \"kernel-setting\", \"package-source\", \"network-access\", \"boot-loader\", \"ssh\"] && has(p.writers) && p.writers.exists(w, !(w in params.writers))).map(p, p.writableThrough) }}`. Where the owner is not root, `chown root:root` it, unless a package means it to be so; then name it in parameter `writers`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.1.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1543.002"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1546.004"
        }
      ],
      "parameters": {
        "writers": []
      },
      "parameterNotes": {
        "writers": "who besides root may change them, as evidence names them: `user NAME`, `group NAME`"
      },
      "tests": []
    },
    {
      "id": "static-pods-apparmor-profiles-loaded",
      "title": "AppArmor profiles that static pods name are loaded",
      "severity": "high",
      "applies": "containers.staticPods.exists(p, p.apparmor.startsWith(\"Localhost:\"))",
      "pass": "containers.staticPods.filter(p, p.apparmor.startsWith(\"Localhost:\")).all(p, apparmor.profiles.exists(a, \"Localhost:\" + a.name == p.apparmor))",
      "evidence": "containers.staticPods.filter(p, p.apparmor.startsWith(\"Localhost:\") && !apparmor.profiles.exists(a, \"Localhost:\" + a.name == p.apparmor)).map(p, p.path + \": \" + p.pod + \"/\" + p.container + \" names \" + p.apparmor)",
      "rationale": "The kubelet refuses a pod whose profile is not in the kernel of its node, and nothing loads profiles onto nodes by itself.",
      "remediation": "Load the profile at boot: put its file into `/etc/apparmor.d`, then `systemctl reload apparmor`, on every node that may run the pod.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "5.6.3"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "static-pods-drop-rights",
      "title": "Static pods add no dangerous capabilities",
      "severity": "high",
      "applies": "containers.staticPods.size() > 0",
      "pass": "!containers.staticPods.exists(p, p.capabilitiesAdded.exists(c, c in params.capabilities))",
      "evidence": "containers.staticPods.filter(p, p.capabilitiesAdded.exists(c, c in params.capabilities)).map(p, p.path + \", \" + p.container + \": \" + p.capabilitiesAdded.filter(c, c in params.capabilities).join(\", \"))",
      "rationale": "What a static pod adds it gets, past every admission policy of the cluster.",
      "remediation": "Take it out of `capabilities.add` in the manifest.",
      "references": [
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {
        "capabilities": [
          "ALL",
          "SYS_ADMIN",
          "SYS_MODULE",
          "SYS_PTRACE",
          "SYS_RAWIO",
          "DAC_READ_SEARCH",
          "BPF",
          "NET_ADMIN"
        ]
      },
      "parameterNotes": {
        "capabilities": "capabilities that must not be added"
      },
      "tests": []
    },
    {
      "id": "static-pods-filter-system-calls",
      "title": "Static pods do not switch seccomp off",
      "severity": "medium",
      "applies": "containers.staticPods.size() > 0",
      "pass": "!containers.staticPods.exists(p, p.seccomp == \"Unconfined\")",
      "evidence": "containers.staticPods.filter(p, p.seccomp == \"Unconfined\").map(p, p.path + \", \" + p.container + \": \" + \"seccomp Unconfined\")",
      "rationale": "An explicit `Unconfined` also wins over the kubelet's seccompDefault.",
      "remediation": "Set `seccompProfile: { type: RuntimeDefault }` in the manifest.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.4.3"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "static-pods-not-privileged",
      "title": "No static pod asks for all rights of the host",
      "severity": "high",
      "applies": "containers.staticPods.size() > 0",
      "pass": "!containers.staticPods.exists(p, p.privileged && !(p.pod in params.pods))",
      "evidence": "containers.staticPods.filter(p, p.privileged && !(p.pod in params.pods)).map(p, p.path + \", \" + p.container + \": \" + \"privileged\")",
      "rationale": "Static pods are started by the kubelet itself, past admission: nothing in the cluster refuses one. A privileged one is root on the node.",
      "remediation": "Take `privileged: true` out of the manifest, or the manifest out of the directory. Pods that must have it go into parameter `pods`.",
      "references": [
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1610"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {
        "pods": []
      },
      "parameterNotes": {
        "pods": "names of static pods that may be privileged"
      },
      "tests": []
    },
    {
      "id": "static-pods-seccomp-profiles-there",
      "title": "Seccomp profiles that static pods name are on the node and valid",
      "severity": "high",
      "applies": "containers.staticPods.exists(p, p.seccomp.startsWith(\"Localhost:\"))",
      "pass": "containers.staticPods.filter(p, p.seccomp.startsWith(\"Localhost:\")).all(p, seccomp.profiles.exists(s, \"Localhost:\" + s.path == p.seccomp && s.state == \"valid\"))",
      "evidence": "containers.staticPods.filter(p, p.seccomp.startsWith(\"Localhost:\") && !seccomp.profiles.exists(s, \"Localhost:\" + s.path == p.seccomp && s.state == \"valid\")).map(p, p.path + \": \" + p.pod + \"/\" + p.container + \" names \" + p.seccomp)",
      "rationale": "A container whose profile is not there, or is not valid, does not start. For a static pod that is noticed when the node boots the next time.",
      "remediation": "Put the profiles below {{ seccomp.directories.map(d, d.path) }}, or correct the names in {{ containers.staticPods.filter(p, p.seccomp.startsWith(\"Localhost:\")).map(p, p.path) }}.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "5.6.2"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "static-pods-share-no-processes",
      "title": "Static pods do not share processes or IPC with the host",
      "severity": "high",
      "applies": "containers.staticPods.size() > 0",
      "pass": "!containers.staticPods.exists(p, p.hostNamespaces.exists(n, n in [\"ipc\", \"pid\"]))",
      "evidence": "containers.staticPods.filter(p, p.hostNamespaces.exists(n, n in [\"ipc\", \"pid\"])).map(p, p.path + \", \" + p.container + \": \" + \"shares \" + p.hostNamespaces.filter(n, n in [\"ipc\", \"pid\"]).join(\", \"))",
      "rationale": "Control planes need the host's network; nothing of them needs its processes.",
      "remediation": "Take `hostPID` and `hostIPC` out of the manifest.",
      "references": [
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "static-pods-write-no-host-directories",
      "title": "Static pods cannot write to directories of the host that matter",
      "severity": "high",
      "applies": "containers.staticPods.size() > 0",
      "pass": "!containers.staticPods.exists(p, p.hostPaths.exists(m, !m.readOnly && m.path in params.paths))",
      "evidence": "containers.staticPods.filter(p, p.hostPaths.exists(m, !m.readOnly && m.path in params.paths)).map(p, p.path + \", \" + p.container + \": \" + p.hostPaths.filter(m, !m.readOnly && m.path in params.paths).map(m, m.path).join(\", \"))",
      "rationale": "A writable hostPath of /, /etc or /var/run makes the pod's container as good as root on the node.",
      "remediation": "Mount the one directory that is needed, with `readOnly: true`.",
      "references": [
        {
          "source": "nist-800-190",
          "version": "",
          "id": "4.5.5"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Kubernetes Pod security"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1543"
        }
      ],
      "parameters": {
        "paths": [
          "/",
          "/etc",
          "/etc/",
          "/root",
          "/boot",
          "/usr",
          "/proc",
          "/sys",
          "/dev",
          "/run",
          "/var/run",
          "/var",
          "/var/lib",
          "/var/lib/kubelet",
          "/etc/kubernetes",
          "/var/run/docker.sock",
          "/run/containerd/containerd.sock"
        ]
      },
      "parameterNotes": {
        "paths": "paths of the host that must not be writable"
      },
      "tests": []
    },
    {
      "id": "static-token-files-mode",
      "title": "Files of static tokens are closed to others",
      "severity": "critical",
      "applies": "controlPlane.files.exists(f, f.role == \"token-file\" && f.state != \"absent\")",
      "pass": "controlPlane.files.all(f, !(f.role == \"token-file\") || f.state == \"absent\" || (f.state == \"unreadable\" ? unknown(f.path + \" could not be looked at\") : modeWithin(f.mode, params.maxMode)))",
      "evidence": "controlPlane.files.filter(f, f.role == \"token-file\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path + \" has mode \" + f.mode)",
      "rationale": "The file holds tokens in clear text that never expire.",
      "remediation": "`chmod {{ params.maxMode }} {{ controlPlane.files.filter(f, f.role == \"token-file\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}`, and set the mode where the file is made, or the next rollout undoes it.",
      "fix": [
        {
          "paths": "{{ controlPlane.files.filter(f, f.role == \"token-file\" && f.state == \"present\" && !modeWithin(f.mode, params.maxMode)).map(f, f.path) }}",
          "mode": "{{ params.maxMode }}"
        }
      ],
      "references": [],
      "parameters": {
        "maxMode": "0600"
      },
      "parameterNotes": {
        "maxMode": "the most that the mode may allow, octal"
      },
      "tests": []
    },
    {
      "id": "su-limited-to-group",
      "title": "Only members of one group may use su",
      "severity": "low",
      "applies": "accounts.pamInstalled && accounts.su.configured",
      "pass": "accounts.su.restricted && accounts.su.useUid",
      "evidence": "[accounts.su.restricted ? \"pam_wheel lacks use_uid\" : \"everybody may use su\"]",
      "rationale": "su asks for the password of the other account, and anybody on the host may try it. Those who need to become root have sudo, which notes who they are.",
      "remediation": "Make a group without members (`groupadd sugroup`) and put `auth required pam_wheel.so use_uid group=sugroup` into /etc/pam.d/su.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.2.7"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1548"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "sudo-asks-again-in-time",
      "title": "sudo asks for the password again after a while",
      "severity": "low",
      "applies": "accounts.sudo.installed",
      "pass": "accounts.sudo.timestampMinutes >= 0 && accounts.sudo.timestampMinutes <= params.maximum",
      "evidence": "[\"timestamp_timeout is \" + (accounts.sudo.timestampMinutes < 0 ? \"negative: never ask again\" : string(accounts.sudo.timestampMinutes) + \" minutes\")]",
      "rationale": "The longer sudo remembers, the longer an unlocked screen or a hijacked session is root.",
      "remediation": "Set `Defaults timestamp_timeout=5` with `visudo -f /etc/sudoers.d/10-gabion`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.2.6"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1548.003"
        }
      ],
      "parameters": {
        "maximum": 15
      },
      "parameterNotes": {
        "maximum": "minutes for which sudo may remember"
      },
      "tests": []
    },
    {
      "id": "sudo-asks-for-password",
      "title": "sudo asks for a password",
      "severity": "high",
      "pass": "!accounts.sudoRules.exists(r, r.nopasswd && !(r.who in params.allowed))",
      "evidence": "accounts.sudoRules.filter(r, r.nopasswd && !(r.who in params.allowed)).map(r, r.who + \" needs no password for \" + (r.all ? \"ALL\" : r.commands.join(\", \")) + \" (\" + r.path + \", rule \" + string(r.position) + \")\")",
      "rationale": "With NOPASSWD a stolen session, a malicious script or a forgotten ssh agent is root at once. Cloud images give it to their first user and leave it there.",
      "remediation": "Delete NOPASSWD: `for file in {{ accounts.sudoRules.filter(r, r.nopasswd && !(r.who in params.allowed)).map(r, r.path) }}; do visudo -f \"$file\"; done`. Automation that must not be asked gets rules with single commands and goes into parameter `allowed`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.2.4"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1548.003"
        }
      ],
      "parameters": {
        "allowed": []
      },
      "parameterNotes": {
        "allowed": "users, `%groups` or aliases whose rules may have NOPASSWD"
      },
      "tests": []
    },
    {
      "id": "sudo-authentication-not-switched-off",
      "title": "sudo does not switch authentication off for all",
      "severity": "critical",
      "applies": "accounts.sudo.installed",
      "pass": "accounts.sudo.authenticate",
      "evidence": "[\"Defaults !authenticate is set\"]",
      "rationale": "One line with !authenticate makes every rule in sudoers a rule without a password.",
      "remediation": "Delete `Defaults !authenticate`: `grep -rn authenticate /etc/sudoers /etc/sudoers.d` finds it, `visudo -f FILE` edits it.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.2.5"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1548.003"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "sudo-commands-do-not-give-shells",
      "title": "No sudo rule allows a program that starts a shell",
      "severity": "medium",
      "pass": "!accounts.sudoRules.exists(r, !r.all && (r.runAs == \"ALL\" || r.runAs == \"root\" || r.runAs.startsWith(\"ALL:\") || r.runAs.startsWith(\"root:\")) && !(r.who in params.allowed) && r.commands.exists(c, !c.startsWith(\"!\") && c.split(\"/\")[c.split(\"/\").size() - 1] in params.programs))",
      "evidence": "accounts.sudoRules.filter(r, !r.all && (r.runAs == \"ALL\" || r.runAs == \"root\" || r.runAs.startsWith(\"ALL:\") || r.runAs.startsWith(\"root:\")) && !(r.who in params.allowed) && r.commands.exists(c, !c.startsWith(\"!\") && c.split(\"/\")[c.split(\"/\").size() - 1] in params.programs)).map(r, r.who + \" may run \" + r.commands.filter(c, !c.startsWith(\"!\") && c.split(\"/\")[c.split(\"/\").size() - 1] in params.programs).join(\", \") + \" as \" + r.runAs + \" (\" + r.path + \", rule \" + string(r.position) + \")\")",
      "rationale": "vi, less, find, tar, git and their like run other programs or write any file. A rule that allows one of them as root allows everything; it only does not look so.",
      "remediation": "Allow a script of your own, owned by root and without arguments, instead; `sudoedit FILE` for editing; `NOEXEC:` before the command as the least: `for file in {{ accounts.sudoRules.filter(r, !r.all && !(r.who in params.allowed) && r.commands.exists(c, !c.startsWith(\"!\") && c.split(\"/\")[c.split(\"/\").size() - 1] in params.programs)).map(r, r.path) }}; do visudo -f \"$file\"; done`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1548.003"
        }
      ],
      "parameters": {
        "allowed": [],
        "programs": [
          "awk",
          "bash",
          "cp",
          "dash",
          "dd",
          "docker",
          "ed",
          "emacs",
          "env",
          "find",
          "ftp",
          "gdb",
          "git",
          "journalctl",
          "less",
          "lua",
          "man",
          "more",
          "mount",
          "mv",
          "nano",
          "nmap",
          "node",
          "perl",
          "php",
          "pip",
          "python",
          "python3",
          "rsync",
          "ruby",
          "sh",
          "socat",
          "ssh",
          "su",
          "tar",
          "tee",
          "vi",
          "view",
          "vim",
          "watch",
          "wget",
          "xargs",
          "zip",
          "zsh"
        ]
      },
      "parameterNotes": {
        "allowed": "users, `%groups` or aliases whose rules are not judged",
        "programs": "programs that can start others or write any file, by their last name"
      },
      "tests": []
    },
    {
      "id": "sudo-commands-outside-user-directories",
      "title": "No sudo rule allows a program that a user may replace",
      "severity": "high",
      "pass": "!accounts.sudoRules.exists(r, r.commands.exists(c, params.directories.exists(d, c.startsWith(d))))",
      "evidence": "accounts.sudoRules.filter(r, r.commands.exists(c, params.directories.exists(d, c.startsWith(d)))).map(r, r.who + \" may run \" + r.commands.filter(c, params.directories.exists(d, c.startsWith(d))).join(\", \") + \" (\" + r.path + \", rule \" + string(r.position) + \")\")",
      "rationale": "sudo trusts the path, not the content. A script in a home or in /tmp that root runs is whatever its owner makes of it.",
      "remediation": "Move the programs to `/usr/local/sbin`, `chown root:root` and `chmod 0755` them, and name the new paths in the rules: `for file in {{ accounts.sudoRules.filter(r, r.commands.exists(c, params.directories.exists(d, c.startsWith(d)))).map(r, r.path) }}; do visudo -f \"$file\"; done`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1548.003"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1574"
        }
      ],
      "parameters": {
        "directories": [
          "/home/",
          "/tmp/",
          "/var/tmp/",
          "/dev/shm/",
          "/srv/"
        ]
      },
      "parameterNotes": {
        "directories": "directories, with a slash at the end, in which users may replace programs"
      },
      "tests": []
    },
    {
      "id": "sudo-everything-for-administrators-only",
      "title": "Only administrators may run everything with sudo",
      "severity": "high",
      "pass": "!accounts.sudoRules.exists(r, r.all && !(r.who in params.administrators))",
      "evidence": "accounts.sudoRules.filter(r, r.all && !(r.who in params.administrators)).map(r, r.who + \" may run ALL as \" + r.runAs + \" (\" + r.path + \", rule \" + string(r.position) + \")\")",
      "rationale": "A rule for ALL is root with a log line. It belongs to the one group of administrators, where membership is seen and taken away, not to names scattered over sudoers.d.",
      "remediation": "Put people into the administrators' group and delete their rules: `for file in {{ accounts.sudoRules.filter(r, r.all && !(r.who in params.administrators)).map(r, r.path) }}; do visudo -f \"$file\"; done`; give services the commands they need, with full paths. Other principals that are meant so go into parameter `administrators`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1548.003"
        }
      ],
      "parameters": {
        "administrators": [
          "root",
          "%sudo",
          "%wheel",
          "%admin"
        ]
      },
      "parameterNotes": {
        "administrators": "users and `%groups` that may run everything"
      },
      "tests": []
    },
    {
      "id": "sudo-installed",
      "title": "sudo is there for those who need root",
      "severity": "low",
      "applies": "accounts.users.exists(u, u.interactive && u.uid != 0)",
      "pass": "accounts.sudo.installed",
      "evidence": "[\"/etc/sudoers is not there, and these can log in: \" + accounts.users.filter(u, u.interactive && u.uid != 0).map(u, u.name).join(\", \")]",
      "rationale": "Without sudo people share the password of root or its key, and the log tells that root came, not who.",
      "remediation": "`apt install sudo` (Red Hat: `dnf install sudo`), put administrators into its group, then `passwd -l root`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.2.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1078.003"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "sudo-logs-to-file",
      "title": "sudo keeps a log of its own",
      "severity": "low",
      "applies": "accounts.sudo.installed",
      "pass": "accounts.sudo.logfile != \"\"",
      "evidence": "[\"Defaults logfile is not set\"]",
      "rationale": "Among everything else in the journal sudo's lines are easily lost. A file of its own is easy to ship, to watch and to keep.",
      "remediation": "Add `Defaults logfile=\"/var/log/sudo.log\"` with `visudo -f /etc/sudoers.d/10-gabion` and rotate the file.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.2.3"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "sudo-uses-pty",
      "title": "sudo runs commands in a terminal of their own",
      "severity": "medium",
      "applies": "accounts.sudo.installed",
      "pass": "accounts.sudo.usePty",
      "evidence": "[\"Defaults use_pty is not set\"]",
      "rationale": "Without its own terminal a program that root started through sudo can push key strokes into the terminal of the user, or stay in it after sudo ended.",
      "remediation": "Add `Defaults use_pty` with `visudo -f /etc/sudoers.d/10-gabion`. sudo 1.9.14 and later do it by themselves; the line makes it certain.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.2.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1548.003"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "syn-cookies-on",
      "title": "SYN cookies keep services reachable in a flood",
      "severity": "medium",
      "pass": "!sysctl.parameters.exists(p, p.name in [\"net.ipv4.tcp_syncookies\"] && (!p.supported || (p.name == \"net.ipv4.tcp_syncookies\" && !(p.live in [\"1\", \"2\"]))))",
      "evidence": "sysctl.parameters.filter(p, has(p.live) && p.name in [\"net.ipv4.tcp_syncookies\"] && (!p.supported || (p.name == \"net.ipv4.tcp_syncookies\" && !(p.live in [\"1\", \"2\"])))).map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "A few forged packets per second otherwise fill the queue of half-open connections, and nobody gets in.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'net.ipv4.tcp_syncookies = 1' > /etc/sysctl.d/60-gabion-syn-cookies.conf\nsysctl --system\n```",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-syn-cookies.conf",
          "lines": [
            "net.ipv4.tcp_syncookies = 1"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-syn-cookies.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "3.3.10"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1499.001"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "system-accounts-not-interactive",
      "title": "System accounts have no login shell",
      "severity": "medium",
      "pass": "!accounts.users.exists(u, u.system && u.interactive && !(u.name in params.allowed))",
      "evidence": "accounts.users.filter(u, u.system && u.interactive && !(u.name in params.allowed)).map(u, \"system user \" + u.name + \" has the shell \" + (u.shell == \"\" ? \"/bin/sh\" : u.shell))",
      "rationale": "A service account runs one program. With a shell a hole in that program, or a key dropped into its home, becomes a place to sit and work.",
      "remediation": "`for user in {{ accounts.users.filter(u, u.system && u.interactive && !(u.name in params.allowed)).map(u, u.name) }}; do usermod --shell /usr/sbin/nologin \"$user\"; done`. Tools that switch to the account need `su -s /bin/sh` then; where a package wants its shell (postgres), put it into parameter `allowed`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "5.4.2.7"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1078.003"
        }
      ],
      "parameters": {
        "allowed": []
      },
      "parameterNotes": {
        "allowed": "names of accounts that may have a shell"
      },
      "tests": []
    },
    {
      "id": "system-log-kept",
      "title": "Something writes the system log",
      "severity": "high",
      "applies": "!(host.os.id in params.builtIn)",
      "pass": "services.known.exists(s, s.name in [\"journald\", \"rsyslog\", \"syslog-ng\"] && s.atBoot)",
      "evidence": "[\"neither journald nor rsyslog nor syslog-ng starts at boot\"]",
      "rationale": "Without it nobody ever knows what happened.",
      "remediation": "`systemctl unmask systemd-journald`, or `apt install rsyslog && systemctl enable --now rsyslog`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.1.1.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.1.3.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "6.1.3.2"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Audit logging and threat detection"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.001"
        }
      ],
      "parameters": {
        "builtIn": [
          "talos"
        ]
      },
      "parameterNotes": {
        "builtIn": "ids of distributions whose process 1 does this itself, without a service"
      },
      "tests": []
    },
    {
      "id": "temporary-directories-noexec",
      "title": "Programs cannot be started from temporary directories",
      "severity": "low",
      "pass": "files.mounts.all(m, !(m.path in params.paths) || (m.noexec))",
      "evidence": "files.mounts.filter(m, m.path in params.paths && !(m.noexec)).map(m, m.path + \" is mounted without\" + (m.noexec ? \"\" : \" noexec\"))",
      "rationale": "Most break-ins fetch a program into a temporary directory and start it there. Some installers do, too.",
      "remediation": "Add `noexec` to the options in /etc/fstab (or the mount unit) and run `mount -o remount,noexec {{ files.mounts.filter(m, m.path in params.paths && !(m.noexec)).map(m, m.mountPoint) }}`, one at a time. On the root file system the directory needs a file system of its own first.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.1.4"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.2.4"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.5.4"
        }
      ],
      "parameters": {
        "paths": [
          "/tmp",
          "/var/tmp",
          "/dev/shm"
        ]
      },
      "parameterNotes": {
        "paths": "directories that are judged"
      },
      "tests": []
    },
    {
      "id": "temporary-directories-separate",
      "title": "Temporary directories are file systems of their own",
      "severity": "low",
      "pass": "files.mounts.all(m, !(m.path in params.paths) || m.separate)",
      "evidence": "files.mounts.filter(m, m.path in params.paths && !m.separate).map(m, m.path + \" is on the file system of \" + m.mountPoint)",
      "rationale": "Who fills a temporary directory then fills nothing else, hard links to set-uid programs cannot be made there, and it can be mounted with fewer rights.",
      "remediation": "Give each a file system of its own (a partition, a logical volume, or tmpfs for temporary files) and an entry in /etc/fstab; for /tmp, `systemctl enable tmp.mount` is enough where systemd brings the unit.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.1.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.2.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.5.1"
        }
      ],
      "parameters": {
        "paths": [
          "/tmp",
          "/var/tmp",
          "/dev/shm"
        ]
      },
      "parameterNotes": {
        "paths": "directories that must be file systems of their own"
      },
      "tests": []
    },
    {
      "id": "temporary-directories-sticky",
      "title": "In shared temporary directories nobody removes another’s files",
      "severity": "high",
      "pass": "files.paths.all(p, p.role != \"temporary\" || !(\"everyone\" in p.writers) || bitAnd(octal(p.mode), octal(\"1000\")) != 0)",
      "evidence": "files.paths.filter(p, p.role == \"temporary\" && has(p.writers) && \"everyone\" in p.writers && bitAnd(octal(p.mode), octal(\"1000\")) == 0).map(p, p.path + \" has mode \" + p.mode)",
      "rationale": "Without the sticky bit everybody can replace the temporary files of root’s programs by others.",
      "remediation": "`chmod 1777 {{ files.paths.filter(p, p.role == \"temporary\" && has(p.writers) && \"everyone\" in p.writers && bitAnd(octal(p.mode), octal(\"1000\")) == 0).map(p, p.path) }}`",
      "fix": [
        {
          "paths": "{{ files.paths.filter(p, p.role == \"temporary\" && has(p.writers) && \"everyone\" in p.writers && bitAnd(octal(p.mode), octal(\"1000\")) == 0).map(p, p.path) }}",
          "mode": "1777"
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.11"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "temporary-directories-without-devices-and-set-uid",
      "title": "Temporary directories are mounted with nodev and nosuid",
      "severity": "medium",
      "pass": "files.mounts.all(m, !(m.path in params.paths) || (m.nodev && m.nosuid))",
      "evidence": "files.mounts.filter(m, m.path in params.paths && !(m.nodev && m.nosuid)).map(m, m.path + \" is mounted without\" + (m.nodev ? \"\" : \" nodev\") + (m.nosuid ? \"\" : \" nosuid\"))",
      "rationale": "Everybody writes there. A device file or a set-uid program that somebody smuggled in, say out of a container or an archive, then means nothing.",
      "remediation": "Add `nodev`, `nosuid` to the options in /etc/fstab (or the mount unit) and run `mount -o remount,nodev,nosuid {{ files.mounts.filter(m, m.path in params.paths && !(m.nodev && m.nosuid)).map(m, m.mountPoint) }}`, one at a time. On the root file system the directory needs a file system of its own first.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.1.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.1.3"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.2.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.2.3"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.5.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.2.5.3"
        }
      ],
      "parameters": {
        "paths": [
          "/tmp",
          "/var/tmp",
          "/dev/shm"
        ]
      },
      "parameterNotes": {
        "paths": "directories that are judged"
      },
      "tests": []
    },
    {
      "id": "tftp-server-off",
      "title": "No TFTP server runs",
      "severity": "high",
      "pass": "!services.known.exists(s, s.name in [\"tftp\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"tftp\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "It knows no users at all: whoever reaches it reads, and often writes, its files.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"tftp\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"tftp\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"tftp\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.16"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1105"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "time-daemon-not-run-by-root",
      "title": "The time daemon gives up being root",
      "severity": "low",
      "applies": "containers.daemons.exists(d, d.program in params.programs)",
      "pass": "containers.daemons.all(d, !(d.program in params.programs) || d.uid != 0)",
      "evidence": "containers.daemons.filter(d, d.program in params.programs && d.uid == 0).map(d, d.program + \" of \" + d.unit + \" runs as root\")",
      "rationale": "It takes packets from the network all day. A hole in it should give the right to set the clock, and nothing else.",
      "remediation": "Take `-u root` and `user root` out of its flags and its configuration (`chrony.conf`), then `systemctl restart {{ containers.daemons.filter(d, d.program in params.programs && d.uid == 0).map(d, d.unit) }}`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.3.3.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {
        "programs": [
          "chronyd",
          "ntpd",
          "systemd-timesyn"
        ]
      },
      "parameterNotes": {
        "programs": "names of time daemons, cut to 15 bytes"
      },
      "tests": []
    },
    {
      "id": "time-servers-chosen",
      "title": "Time comes from servers that somebody chose",
      "severity": "low",
      "applies": "services.known.exists(s, s.name in [\"chrony\", \"systemd-timesyncd\", \"ntp\"] && s.atBoot)",
      "pass": "services.known.all(s, !(s.name in [\"chrony\", \"systemd-timesyncd\", \"ntp\"]) || !s.atBoot || services.timeSources.exists(t, t.daemon == s.name && t.sources >= params.minimum))",
      "evidence": "services.timeSources.filter(t, t.sources < params.minimum && services.known.exists(s, s.name == t.daemon && has(s.atBoot) && s.atBoot)).map(t, t.daemon + \" has \" + string(t.sources) + \" servers configured\")",
      "rationale": "Without servers of its own it asks those built in by the distribution, or those that a DHCP answer names, which whoever controls the network can choose.",
      "remediation": "Name them in `/etc/chrony/sources.d/own.sources`, or as `NTP=` in a file of `/etc/systemd/timesyncd.conf.d`, then restart the daemon.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.3.2.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.3.3.1"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1557"
        }
      ],
      "parameters": {
        "minimum": 1
      },
      "parameterNotes": {
        "minimum": "least number of servers"
      },
      "tests": []
    },
    {
      "id": "time-synchronized",
      "title": "The clock is kept right",
      "severity": "medium",
      "applies": "!(host.os.id in params.builtIn)",
      "pass": "services.known.exists(s, s.name in [\"chrony\", \"systemd-timesyncd\", \"ntp\"] && s.atBoot && s.running)",
      "evidence": "services.known.filter(s, s.name in [\"chrony\", \"systemd-timesyncd\", \"ntp\"] && has(s.installed) && has(s.atBoot) && has(s.running) && s.installed).map(s, s.name + (s.atBoot ? \" starts at boot, but does not run\" : s.running ? \" runs, but does not start at boot\" : \" is installed, but off\")) + (services.known.exists(s, s.name in [\"chrony\", \"systemd-timesyncd\", \"ntp\"] && has(s.installed) && s.installed) ? [] : [\"no time daemon is installed\"])",
      "rationale": "Logs of hosts with different clocks cannot be put together, certificates are refused or accepted at the wrong time, and Kerberos and tokens fail.",
      "remediation": "`apt install chrony`, or `systemctl enable --now systemd-timesyncd`. Guests whose hypervisor sets the clock waive this.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.3.1.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.3.2.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.3.3.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1070.006"
        }
      ],
      "parameters": {
        "builtIn": [
          "talos"
        ]
      },
      "parameterNotes": {
        "builtIn": "ids of distributions whose process 1 does this itself, without a service"
      },
      "tests": []
    },
    {
      "id": "ufw-covers-ipv6",
      "title": "ufw filters IPv6 as well",
      "severity": "high",
      "applies": "firewall.ufw.installed && firewall.ufw.enabled",
      "pass": "firewall.ufw.ipv6",
      "evidence": "[\"IPV6 is not yes in /etc/default/ufw\"]",
      "rationale": "With IPV6=no ufw leaves IPv6 to whatever the kernel has, mostly nothing. A service bound to :: is then open over IPv6 past every rule.",
      "remediation": "Set `IPV6=yes` in `/etc/default/ufw`, then `ufw reload`, and look at the (v6) rows of `ufw status`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1133"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ufw-denies-forwarding-by-default",
      "title": "ufw denies forwarding by default",
      "severity": "medium",
      "applies": "firewall.ufw.installed && firewall.ufw.enabled",
      "pass": "firewall.ufw.defaultForward in [\"drop\", \"reject\"]",
      "evidence": "[\"DEFAULT_FORWARD_POLICY is \" + (firewall.ufw.defaultForward == \"unknown\" ? \"none that ufw knows\" : firewall.ufw.defaultForward)]",
      "rationale": "An accepting forward policy makes the host a router between its networks as soon as ip_forward is on, and container engines switch that on.",
      "remediation": "Set `DEFAULT_FORWARD_POLICY=\"DROP\"` in `/etc/default/ufw`, allow what must pass with `ufw route allow …`, then `ufw reload`. Kubernetes nodes whose network plugin needs forwarding are better without ufw.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1090"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ufw-denies-incoming-by-default",
      "title": "ufw denies incoming traffic by default",
      "severity": "high",
      "applies": "firewall.ufw.installed && firewall.ufw.enabled",
      "pass": "firewall.ufw.defaultInput in [\"drop\", \"reject\"]",
      "evidence": "[\"DEFAULT_INPUT_POLICY is \" + (firewall.ufw.defaultInput == \"unknown\" ? \"none that ufw knows\" : firewall.ufw.defaultInput)]",
      "rationale": "With an accepting default every rule that allows is decoration.",
      "remediation": "`ufw default deny incoming`. See first that a rule allows ssh.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.2.7"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ufw-enabled-at-boot",
      "title": "ufw comes back after a reboot",
      "severity": "high",
      "applies": "firewall.ufw.installed && firewall.ufw.enabled",
      "pass": "firewall.ufw.enabledAtBoot",
      "evidence": "[\"ufw is on, but nothing starts it at boot\"]",
      "rationale": "The rules are in the kernel now and gone after the next reboot, which is when nobody looks.",
      "remediation": "`systemctl enable ufw.service`",
      "fix": [
        {
          "run": [
            "systemctl",
            "enable",
            "ufw.service"
          ],
          "undo": [
            "systemctl",
            "disable",
            "ufw.service"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.2.3"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ufw-logging-enabled",
      "title": "ufw logs what it blocks",
      "severity": "low",
      "applies": "firewall.ufw.installed && firewall.ufw.enabled",
      "pass": "firewall.ufw.logLevel != \"off\"",
      "evidence": "[\"LOGLEVEL is off\"]",
      "rationale": "Blocked packets are the first sign of somebody looking around. Without them an incident begins in the dark.",
      "remediation": "`ufw logging low`",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.004"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ufw-no-rule-allows-everything",
      "title": "No ufw rule lets everything in",
      "severity": "critical",
      "applies": "firewall.ufw.installed && firewall.ufw.enabled",
      "pass": "!firewall.ufwRules.exists(r, r.action == \"allow\" && r.direction == \"in\" && r.from == \"any\" && r.to == \"any\" && r.toPort == \"any\" && r.fromPort == \"any\" && r.protocol == \"any\" && r.toApp == \"\" && r.fromApp == \"\" && r.interfaceIn == \"\")",
      "evidence": "firewall.ufwRules.filter(r, r.action == \"allow\" && r.direction == \"in\" && r.from == \"any\" && r.to == \"any\" && r.toPort == \"any\" && r.fromPort == \"any\" && r.protocol == \"any\" && r.toApp == \"\" && r.fromApp == \"\" && r.interfaceIn == \"\").map(r, r.family + \" rule \" + string(r.position) + \" allows everything from anywhere\")",
      "rationale": "One such line, left from a test, undoes the default policy and every rule behind it.",
      "remediation": "`ufw status numbered` shows its number; `ufw delete NUMBER` removes it. Write down what was meant with a port and a source.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.004"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ufw-no-undeclared-rules",
      "title": "Nobody put rules into the chains of ufw behind its back",
      "severity": "high",
      "applies": "firewall.ufw.installed && firewall.ufw.enabled",
      "pass": "firewall.ufwUndeclared.size() == 0",
      "evidence": "firewall.ufwUndeclared.map(r, r.chain + \" rule \" + string(r.position) + \": \" + r.rule + \", which ufw does not declare\")",
      "rationale": "A rule that was put into the kernel by hand is in force and in no file: `ufw status` does not show it, no review sees it, and it is gone after the next reload. Intruders open ports that way.",
      "remediation": "`iptables -S ufw-user-input` and `ip6tables -S ufw6-user-input` show them. Declare what is meant to be (`ufw allow …`), then `ufw reload`, which removes the others.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.004"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ufw-not-off-with-rules",
      "title": "ufw is on where rules were made for it",
      "severity": "medium",
      "applies": "firewall.ufw.installed && firewall.ufwRules.size() > 0",
      "pass": "firewall.ufw.enabled",
      "evidence": "[\"ufw is off, and \" + string(firewall.ufwRules.size()) + \" rules wait on disk: \" + firewall.ufwRules.filter(r, r.position <= 3).map(r, r.action + \" \" + r.direction + \" \" + (r.toApp == \"\" ? r.toPort + \"/\" + r.protocol : r.toApp) + \" from \" + r.from).join(\", \")]",
      "rationale": "Somebody wrote rules and believes that they hold. `ufw disable` for a test, or an image built with ufw off, leaves the host open with a configuration that reads as closed.",
      "remediation": "Look through `ufw show added`, see that ssh is among it, then `ufw enable`. If another firewall took over, remove the package so that nobody is misled.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.2.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.004"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ufw-rules-have-listeners",
      "title": "ufw opens no port on which nothing listens",
      "severity": "low",
      "applies": "firewall.ufw.installed && firewall.ufw.enabled",
      "pass": "!firewall.ufwRules.exists(r, r.action in [\"allow\", \"limit\"] && r.direction == \"in\" && r.toApp == \"\" && r.toPort.matches(\"^[0-9]+$\") && !ports.listeners.exists(l, string(l.port) == r.toPort && (r.protocol == \"any\" || l.protocol == r.protocol) && l.scope != \"loopback\"))",
      "evidence": "firewall.ufwRules.filter(r, r.action in [\"allow\", \"limit\"] && r.direction == \"in\" && r.toApp == \"\" && r.toPort.matches(\"^[0-9]+$\") && !ports.listeners.exists(l, string(l.port) == r.toPort && (r.protocol == \"any\" || l.protocol == r.protocol) && l.scope != \"loopback\")).map(r, r.family + \" rule \" + string(r.position) + \" allows \" + r.toPort + (r.protocol == \"any\" ? \"\" : \"/\" + r.protocol) + \" from \" + r.from + \", nothing listens there\")",
      "rationale": "The service went, the hole stayed. The next program that takes the port, wanted or not, is open from its first second.",
      "remediation": "`ufw status numbered`, then `ufw delete NUMBER`. Ports that Docker publishes and services that are stopped at times show here as well: look before you delete.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.2.6"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1133"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ufw-rules-in-kernel",
      "title": "Each rule that ufw declares is in force in the kernel",
      "severity": "high",
      "applies": "firewall.ufw.installed && firewall.ufw.enabled && firewall.ufw.loaded",
      "pass": "firewall.ufwRules.all(r, (r.family == \"ipv6\" && !firewall.ufw.ipv6) || r.loaded)",
      "evidence": "firewall.ufwRules.filter(r, !(r.family == \"ipv6\" && !firewall.ufw.ipv6) && !r.loaded).map(r, r.family + \" rule \" + string(r.position) + \" (\" + r.action + \" \" + r.direction + \" \" + (r.toApp == \"\" ? r.toPort + \"/\" + r.protocol : r.toApp) + \" from \" + r.from + \") is declared and not loaded\")",
      "rationale": "`ufw status` prints what the files say. When somebody flushed a chain or edited the files without a reload, it shows a rule that the kernel does not have: a denial that denies nothing.",
      "remediation": "`ufw reload` loads the files again. Then look for what took the rules away: another firewall manager, a script, or an edit of /etc/ufw/user.rules by hand.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.004"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ufw-rules-loaded",
      "title": "The rules that ufw declares are in the kernel",
      "severity": "high",
      "applies": "firewall.ufw.installed && firewall.ufw.enabled",
      "pass": "firewall.ufw.loaded",
      "evidence": "[\"ufw.conf says ENABLED=yes, but the kernel has no chains of ufw\"]",
      "rationale": "Declared and not loaded is open: somebody flushed the tables, another manager replaced them, or the unit failed at boot.",
      "remediation": "`ufw reload`, then `systemctl status ufw` and `journalctl -b -u ufw` to see why it was not loaded. Look for other managers: `systemctl list-unit-files nftables.service firewalld.service netfilter-persistent.service`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "4.2.3"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.004"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "ufw-rules-take-effect",
      "title": "No ufw rule is hidden by an earlier one that says the opposite",
      "severity": "medium",
      "applies": "firewall.ufw.installed && firewall.ufw.enabled",
      "pass": "!firewall.ufwRules.exists(r, r.hiddenBy > 0 && firewall.ufwRules.exists(s, s.family == r.family && s.position == r.hiddenBy && (s.action in [\"allow\", \"limit\"]) != (r.action in [\"allow\", \"limit\"])))",
      "evidence": "firewall.ufwRules.filter(r, r.hiddenBy > 0 && firewall.ufwRules.exists(s, s.family == r.family && s.position == r.hiddenBy && (s.action in [\"allow\", \"limit\"]) != (r.action in [\"allow\", \"limit\"]))).map(r, r.family + \" rule \" + string(r.position) + \" (\" + r.action + \" \" + r.direction + \" \" + (r.toApp == \"\" ? r.toPort + \"/\" + r.protocol : r.toApp) + \" from \" + r.from + \") never matches: rule \" + string(r.hiddenBy) + \" takes all that it is for\")",
      "rationale": "The first match decides. A deny that stands behind an allow for the same traffic was meant to close something and closes nothing.",
      "remediation": "`ufw status numbered` shows the order. Delete the rule and put it in front: `ufw insert 1 deny from ADDRESS to any port PORT`.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1562.004"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "unprivileged-bpf-disabled",
      "title": "Users without rights cannot load BPF programs",
      "severity": "high",
      "applies": "sysctl.parameters.exists(p, p.name == \"kernel.unprivileged_bpf_disabled\" && p.supported)",
      "pass": "sysctl.parameters.exists(p, p.name == \"kernel.unprivileged_bpf_disabled\" && p.supported && int(p.live) in [1, 2])",
      "evidence": "sysctl.parameters.filter(p, p.name == \"kernel.unprivileged_bpf_disabled\").map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "The verifier of BPF programs has been the way from a user to root again and again, and CPU leaks are read with it.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'kernel.unprivileged_bpf_disabled = 1' > /etc/sysctl.d/60-gabion-bpf.conf\nsysctl --system\n```\n\n1 stays until reboot, 2 lets root switch it back.",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-bpf.conf",
          "lines": [
            "kernel.unprivileged_bpf_disabled = 1"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-bpf.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "unused-filesystems-unavailable",
      "title": "Rarely used file systems cannot be loaded",
      "severity": "low",
      "applies": "kernelModules.support == \"modular\"",
      "pass": "!kernelModules.modules.exists(x, x.name in params.modules && (x.loaded || x.loadable))",
      "evidence": "kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name + (has(x.loaded) && x.loaded ? \" is loaded\" : x.blacklisted ? \" can be loaded: a blacklist line does not stop modprobe or a dependency\" : \" can be loaded\"))",
      "rationale": "A file system driver parses what stands on a disk, and these parse with little testing. Mounting a crafted image, by a user or by an automounter, turns their bugs into kernel code execution.",
      "remediation": "Forbid and unload them:\n\n```sh\nfor module in {{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}; do\n  printf 'install %s /bin/false\\nblacklist %s\\n' \"$module\" \"$module\"\ndone >> /etc/modprobe.d/gabion-file-systems.conf\nmodprobe -r {{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}\n```\n\nOn a node of a GFS2 cluster take gfs2 out of parameter `modules`.",
      "fix": [
        {
          "file": "/etc/modprobe.d/gabion-file-systems.conf",
          "lines": [
            "install {{ params.modules }} /bin/false",
            "blacklist {{ params.modules }}"
          ]
        },
        {
          "run": [
            "modprobe",
            "-r",
            "{{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.1.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.1.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.1.3"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.1.4"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.1.5"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.1.10"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {
        "modules": [
          "cramfs",
          "freevxfs",
          "gfs2",
          "hfs",
          "hfsplus",
          "jffs2"
        ]
      },
      "parameterNotes": {
        "modules": "modules that must not be loadable"
      },
      "tests": []
    },
    {
      "id": "unused-network-protocols-unavailable",
      "title": "DCCP, TIPC, RDS and SCTP cannot be loaded",
      "severity": "medium",
      "applies": "kernelModules.support == \"modular\"",
      "pass": "!kernelModules.modules.exists(x, x.name in params.modules && (x.loaded || x.loadable))",
      "evidence": "kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name + (has(x.loaded) && x.loaded ? \" is loaded\" : x.blacklisted ? \" can be loaded: a blacklist line does not stop modprobe or a dependency\" : \" can be loaded\"))",
      "rationale": "Hardly anybody uses these protocols, any local user can make the kernel load them by opening a socket, and each of them has had holes that gave root.",
      "remediation": "Forbid and unload them:\n\n```sh\nfor module in {{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}; do\n  printf 'install %s /bin/false\\nblacklist %s\\n' \"$module\" \"$module\"\ndone >> /etc/modprobe.d/gabion-network-protocols.conf\nmodprobe -r {{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}\n```\n\nTelecom workloads and SCTP services of Kubernetes need sctp: take it out of parameter `modules` there.",
      "fix": [
        {
          "file": "/etc/modprobe.d/gabion-network-protocols.conf",
          "lines": [
            "install {{ params.modules }} /bin/false",
            "blacklist {{ params.modules }}"
          ]
        },
        {
          "run": [
            "modprobe",
            "-r",
            "{{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "3.2.1"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "3.2.2"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "3.2.3"
        },
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "3.2.4"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {
        "modules": [
          "dccp",
          "tipc",
          "rds",
          "sctp"
        ]
      },
      "parameterNotes": {
        "modules": "modules that must not be loadable"
      },
      "tests": []
    },
    {
      "id": "usb-storage-unavailable",
      "title": "USB storage cannot be loaded",
      "severity": "medium",
      "applies": "kernelModules.support == \"modular\"",
      "pass": "!kernelModules.modules.exists(x, x.name in params.modules && (x.loaded || x.loadable))",
      "evidence": "kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name + (has(x.loaded) && x.loaded ? \" is loaded\" : x.blacklisted ? \" can be loaded: a blacklist line does not stop modprobe or a dependency\" : \" can be loaded\"))",
      "rationale": "A USB stick is the shortest way to carry data out of a server room and malware in. Servers get their files over the network.",
      "remediation": "Forbid and unload them:\n\n```sh\nfor module in {{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}; do\n  printf 'install %s /bin/false\\nblacklist %s\\n' \"$module\" \"$module\"\ndone >> /etc/modprobe.d/gabion-usb-storage.conf\nmodprobe -r {{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}\n```\n\nWhat this host does need goes out of parameter `modules`.",
      "fix": [
        {
          "file": "/etc/modprobe.d/gabion-usb-storage.conf",
          "lines": [
            "install {{ params.modules }} /bin/false",
            "blacklist {{ params.modules }}"
          ]
        },
        {
          "run": [
            "modprobe",
            "-r",
            "{{ kernelModules.modules.filter(x, x.name in params.modules && ((has(x.loaded) && x.loaded) || (has(x.loadable) && x.loadable))).map(x, x.name) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "1.1.1.9"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1091"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1052.001"
        }
      ],
      "parameters": {
        "modules": [
          "usb_storage"
        ]
      },
      "parameterNotes": {
        "modules": "modules that must not be loadable"
      },
      "tests": []
    },
    {
      "id": "user-ids-unique",
      "title": "No two entries of passwd share a uid",
      "severity": "medium",
      "pass": "duplicates(accounts.users.filter(u, u.uid != 0).map(u, u.uid)).size() == 0",
      "evidence": "duplicates(accounts.users.filter(u, u.uid != 0).map(u, u.uid)).map(d, \"uid \" + string(d) + \": \" + accounts.users.filter(u, u.uid == d).map(u, u.name).join(\", \"))",
      "rationale": "Two names with one number own each other's files and can kill each other's processes, and the audit log cannot tell who did it.",
      "remediation": "Give all but one of {{ accounts.users.filter(u, u.uid != 0 && accounts.users.exists(v, v.uid == u.uid && v.name != u.name)).map(u, u.name + \" (\" + string(u.uid) + \")\") }} a new number with `usermod --uid NEW NAME`, then hand over what it owned outside of its home: `find / -xdev -uid OLD` lists it.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.2.5"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1036"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "user-names-unique",
      "title": "Every user name stands once in passwd",
      "severity": "medium",
      "pass": "duplicates(accounts.users.map(u, u.name)).size() == 0 && !accounts.users.exists(u, u.entries > 1)",
      "evidence": "duplicates(accounts.users.map(u, u.name)).map(d, \"user \" + d + \" stands in passwd with uids \" + accounts.users.filter(u, u.name == d).map(u, string(u.uid)).join(\", \")) + accounts.users.filter(u, u.entries > 1).map(u, \"user \" + u.name + \" stands in passwd \" + string(u.entries) + \" times\")",
      "rationale": "The first entry wins for most programs, not for all. What one tool locks, another still lets in.",
      "remediation": "Open `vipw` and leave one line for each name; `pwck -r` shows the doubles.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.2.7"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "user-namespaces-restricted",
      "title": "Users without rights cannot make user namespaces",
      "severity": "medium",
      "pass": "sysctl.parameters.exists(p, p.supported && ((p.name == \"kernel.unprivileged_userns_clone\" && p.live == \"0\") || (p.name == \"kernel.apparmor_restrict_unprivileged_userns\" && p.live == \"1\") || (p.name == \"user.max_user_namespaces\" && p.live == \"0\")))",
      "evidence": "sysctl.parameters.filter(p, p.name in [\"kernel.unprivileged_userns_clone\", \"kernel.apparmor_restrict_unprivileged_userns\", \"user.max_user_namespaces\"] && has(p.live) && p.supported).map(p, p.name + \" is \" + p.live)",
      "rationale": "In a namespace of their own, users are root of parts of the kernel that were written for root alone. Most exploits of the last years begin there.",
      "remediation": "On Debian: `echo kernel.unprivileged_userns_clone = 0 > /etc/sysctl.d/60-gabion-userns.conf`; on Ubuntu: kernel.apparmor_restrict_unprivileged_userns = 1; elsewhere: user.max_user_namespaces = 0, which also stops root. Then `sysctl --system`. Rootless containers, browsers and Flatpak need them.",
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1611"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "userfaultfd-restricted",
      "title": "Users without rights cannot stop the kernel at a page fault",
      "severity": "medium",
      "applies": "sysctl.parameters.exists(p, p.name == \"vm.unprivileged_userfaultfd\" && p.supported)",
      "pass": "sysctl.parameters.exists(p, p.name == \"vm.unprivileged_userfaultfd\" && p.supported && int(p.live) == 0)",
      "evidence": "sysctl.parameters.filter(p, p.name == \"vm.unprivileged_userfaultfd\").map(p, p.name + (p.supported ? \" is \" + p.live : \" is not in this kernel\"))",
      "rationale": "Being able to hold the kernel in the middle of a copy turns races that are hard to win into exploits that always work.",
      "remediation": "Write it where boot reads it, and apply it:\n\n```sh\nprintf '%s\\n' 'vm.unprivileged_userfaultfd = 0' > /etc/sysctl.d/60-gabion-userfaultfd.conf\nsysctl --system\n```",
      "fix": [
        {
          "file": "/etc/sysctl.d/60-gabion-userfaultfd.conf",
          "lines": [
            "vm.unprivileged_userfaultfd = 0"
          ]
        },
        {
          "run": [
            "sysctl",
            "-p",
            "/etc/sysctl.d/60-gabion-userfaultfd.conf"
          ]
        }
      ],
      "references": [
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1068"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "users-have-no-bootstrap-tokens",
      "title": "People do not sign in with bootstrap tokens",
      "severity": "medium",
      "applies": "controlPlane.apiServers.size() > 0",
      "manual": "`kubeadm token list` shows no token that has no end or is used by anything but joining nodes.",
      "rationale": "Bootstrap tokens are for nodes that join and belong to groups meant for that.",
      "remediation": "Delete tokens that are not needed now: `kubeadm token delete`, and set `--ttl` on new ones.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "3.1.3"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "3.1.3"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "3.1.3"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "users-have-no-client-certificates",
      "title": "People do not sign in with client certificates",
      "severity": "medium",
      "applies": "controlPlane.apiServers.size() > 0",
      "manual": "Nobody’s kubeconfig holds a client certificate of the cluster’s CA, apart from emergency access.",
      "rationale": "A certificate cannot be withdrawn before it runs out, and groups in it are fixed.",
      "remediation": "Sign people in by OIDC or an authenticating proxy, with short-lived tokens.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "3.1.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "3.1.1"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "3.1.1"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Authentication and authorization"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "users-have-no-service-account-tokens",
      "title": "People do not sign in with tokens of service accounts",
      "severity": "medium",
      "applies": "controlPlane.apiServers.size() > 0",
      "manual": "No person uses a service account’s token, in a kubeconfig or a dashboard.",
      "rationale": "Such tokens belong to pods, are not bound to a person, and show up in the audit log under a name that says nothing.",
      "remediation": "Sign people in by OIDC or an authenticating proxy; delete Secrets of type kubernetes.io/service-account-token.",
      "references": [
        {
          "source": "cis-kubernetes",
          "version": "1.10",
          "id": "3.1.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.11",
          "id": "3.1.2"
        },
        {
          "source": "cis-kubernetes",
          "version": "1.12",
          "id": "3.1.2"
        },
        {
          "source": "nsa-kubernetes-hardening",
          "version": "1.2",
          "id": "Authentication and authorization"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "web-proxy-off",
      "title": "No web proxy runs",
      "severity": "low",
      "pass": "!services.known.exists(s, s.name in [\"web-proxy\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"web-proxy\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "An open proxy lets others act with the address of this host, also towards the networks behind it.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"web-proxy\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"web-proxy\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"web-proxy\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.17"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1090"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "web-server-off",
      "title": "No web server runs",
      "severity": "low",
      "pass": "!services.known.exists(s, s.name in [\"web-server\"] && (s.atBoot || s.running))",
      "evidence": "services.known.filter(s, s.name in [\"web-server\"] && ((has(s.atBoot) && s.atBoot) || (has(s.running) && s.running))).map(s, s.name + (has(s.atBoot) && s.atBoot ? \" starts at boot\" : \"\") + (has(s.running) && s.running ? (has(s.atBoot) && s.atBoot ? \" and runs\" : \" runs\") : \"\"))",
      "rationale": "One that came along with another package serves its test page, and the next hole in it, to everybody.",
      "remediation": "Remove the package, or switch the units off: `systemctl disable --now {{ services.units.filter(u, u.service in [\"web-server\"] && u.state != \"masked\").map(u, u.unit) }}`.",
      "fix": [
        {
          "run": [
            "systemctl",
            "disable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"web-server\"] && u.state != \"masked\").map(u, u.unit) }}"
          ],
          "undo": [
            "systemctl",
            "enable",
            "--now",
            "{{ services.units.filter(u, u.service in [\"web-server\"] && u.state != \"masked\").map(u, u.unit) }}"
          ]
        }
      ],
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.18"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1190"
        }
      ],
      "parameters": {},
      "tests": []
    },
    {
      "id": "wireless-interfaces-absent",
      "title": "The host has no wireless network",
      "severity": "low",
      "pass": "!sysctl.interfaces.exists(i, params.prefixes.exists(p, i.name.startsWith(p)) && !(i.name in params.allowed))",
      "evidence": "sysctl.interfaces.filter(i, params.prefixes.exists(p, i.name.startsWith(p)) && !(i.name in params.allowed)).map(i, \"interface \" + i.name + \" is wireless\")",
      "rationale": "Radio ends at no wall and no firewall: a second way into the network of a server, that nobody counts.",
      "remediation": "`nmcli radio all off` or `rfkill block all`, and forbid the driver of {{ sysctl.interfaces.filter(i, params.prefixes.exists(p, i.name.startsWith(p)) && !(i.name in params.allowed)).map(i, i.name) }} in `/etc/modprobe.d` (`ethtool -i` names it). What is meant to be goes into parameter `allowed`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "3.1.2"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1011"
        }
      ],
      "parameters": {
        "prefixes": [
          "wl",
          "ath",
          "wwan"
        ],
        "allowed": []
      },
      "parameterNotes": {
        "prefixes": "beginnings of names of wireless interfaces",
        "allowed": "names of interfaces that are meant to be"
      },
      "tests": []
    },
    {
      "id": "world-writable-directories-sticky",
      "title": "In directories that all may write nobody removes another’s files",
      "severity": "high",
      "pass": "files.worldWritableDirectories.all(d, d in params.paths)",
      "evidence": "files.worldWritableDirectories.filter(d, !(d in params.paths)).map(d, d + \" can be written by everyone and is not sticky\")",
      "rationale": "Everybody can remove what is in it and put something else in its place, whoever owns it.",
      "remediation": "`chmod +t {{ files.worldWritableDirectories.filter(d, !(d in params.paths)) }}`, or better take the right away with `chmod o-w`.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "7.1.11"
        }
      ],
      "parameters": {
        "paths": []
      },
      "parameterNotes": {
        "paths": "directories that need no sticky bit"
      },
      "tests": []
    },
    {
      "id": "x11-not-exposed",
      "title": "No X11 display is open to the network",
      "severity": "high",
      "pass": "!ports.listeners.exists(l, l.scope != \"loopback\" && l.protocol == \"tcp\" && l.port >= 6000 && l.port <= 6009 && (l.holders.size() == 0 || l.holders.exists(h, h.process.startsWith(\"X\"))))",
      "evidence": "ports.listeners.filter(l, l.scope != \"loopback\" && l.protocol == \"tcp\" && l.port >= 6000 && l.port <= 6009 && (l.holders.size() == 0 || l.holders.exists(h, h.process.startsWith(\"X\")))).map(l, string(l.port) + \"/\" + l.protocol + \" on \" + l.address + (has(l.holders) && l.holders.size() > 0 ? \" by \" + l.holders.map(h, h.process).join(\", \") : \"\"))",
      "rationale": "Who connects to an X display reads every key stroke on it and can type into every window.",
      "remediation": "Start the display server with `-nolisten tcp` (the default of current versions), and remove the desktop from servers.",
      "references": [
        {
          "source": "cis-ubuntu-linux-24.04",
          "version": "1.0.0",
          "id": "2.1.20"
        },
        {
          "source": "mitre-attack",
          "version": "",
          "id": "T1056.001"
        }
      ],
      "parameters": {},
      "tests": []
    }
  ],
  "profiles": [
    {
      "id": "cis-kubernetes-control-plane",
      "title": "CIS Kubernetes Benchmark, control plane (sections 1 to 3), in the version for the Kubernetes that runs",
      "appliesTo": "controlPlane.apiServers.exists(a, !a.foreign) || controlPlane.controllerManagers.exists(c, !c.foreign) || controlPlane.schedulers.exists(s, !s.foreign) || controlPlane.etcdMembers.exists(e, !e.foreign)",
      "checks": [
        "control-plane-manifests-mode",
        "control-plane-manifests-owner",
        "cni-files-mode",
        "cni-files-owner",
        "etcd-data-directory-mode",
        "etcd-data-directory-owner",
        "admin-kubeconfigs-mode",
        "admin-kubeconfigs-owner",
        "scheduler-kubeconfig-mode",
        "scheduler-kubeconfig-owner",
        "controller-manager-kubeconfig-mode",
        "controller-manager-kubeconfig-owner",
        "pki-files-owner",
        "pki-certificates-mode",
        "pki-keys-mode",
        "apiserver-anonymous-requests-restricted",
        "apiserver-no-static-tokens",
        "apiserver-denies-service-external-ips",
        "apiserver-kubelet-client-certificate-set",
        "apiserver-verifies-kubelets",
        "apiserver-authorization-not-always-allow",
        "apiserver-authorizes-nodes",
        "apiserver-uses-rbac",
        "apiserver-event-rate-limited",
        "apiserver-admission-not-always-admit",
        "apiserver-always-pulls-images",
        "apiserver-service-account-admission-on",
        "apiserver-namespace-lifecycle-on",
        "apiserver-restricts-nodes",
        "apiserver-profiling-disabled",
        "audit-log-configured",
        "audit-log-age-limit",
        "audit-log-backups-limit",
        "audit-log-size-limit",
        "apiserver-request-timeout-bounded",
        "apiserver-service-account-lookup-on",
        "apiserver-service-account-key-set",
        "apiserver-etcd-client-certificate-set",
        "apiserver-serving-certificate-set",
        "apiserver-client-ca-set",
        "apiserver-verifies-etcd",
        "secrets-encryption-configured",
        "secrets-encryption-strong",
        "apiserver-strong-ciphers",
        "apiserver-token-lifetimes-not-extended",
        "controller-manager-pod-gc-threshold-set",
        "controller-manager-profiling-disabled",
        "controller-manager-separate-credentials",
        "controller-manager-service-account-key-set",
        "controller-manager-root-ca-set",
        "controller-manager-rotates-kubelet-certificates",
        "controller-manager-on-loopback",
        "scheduler-profiling-disabled",
        "scheduler-on-loopback",
        "etcd-serves-tls",
        "etcd-requires-client-certificates",
        "etcd-no-self-made-client-certificates",
        "etcd-peers-use-tls",
        "etcd-requires-peer-certificates",
        "etcd-no-self-made-peer-certificates",
        "etcd-own-certificate-authority",
        "users-have-no-client-certificates",
        "users-have-no-service-account-tokens",
        "users-have-no-bootstrap-tokens",
        "audit-policy-records",
        "audit-policy-covers-security-events",
        "audit-policy-keeps-secrets-out"
      ],
      "parameters": {
        "cni-files-mode": {
          "maxMode": "0600"
        },
        "etcd-data-directory-owner": {
          "rootAllowed": false
        },
        "audit-log-configured": {
          "webhookSuffices": false
        },
        "apiserver-anonymous-requests-restricted": {
          "paths": []
        }
      },
      "versions": [
        {
          "profile": "cis-kubernetes-control-plane@1.10",
          "when": "controlPlane.apiServers.exists(a, !versionAtLeast(a.version, \"1.29\"))"
        },
        {
          "profile": "cis-kubernetes-control-plane@1.11",
          "when": "controlPlane.apiServers.exists(a, !versionAtLeast(a.version, \"1.32\"))"
        },
        {
          "profile": "cis-kubernetes-control-plane@1.12",
          "when": "controlPlane.apiServers.size() > 0 && controlPlane.apiServers.all(a, versionAtLeast(a.version, \"1.32\"))"
        },
        {
          "profile": "cis-kubernetes-control-plane@1.10",
          "when": "kubelet.kubelets.exists(k, !versionAtLeast(k.version, \"1.29\"))"
        },
        {
          "profile": "cis-kubernetes-control-plane@1.11",
          "when": "kubelet.kubelets.exists(k, !versionAtLeast(k.version, \"1.32\"))"
        }
      ]
    },
    {
      "id": "cis-kubernetes-control-plane@1.10",
      "title": "CIS Kubernetes Benchmark 1.10, control plane (sections 1 to 3)",
      "appliesTo": "false",
      "checks": [
        "control-plane-manifests-mode",
        "control-plane-manifests-owner",
        "cni-files-mode",
        "cni-files-owner",
        "etcd-data-directory-mode",
        "etcd-data-directory-owner",
        "admin-kubeconfigs-mode",
        "admin-kubeconfigs-owner",
        "scheduler-kubeconfig-mode",
        "scheduler-kubeconfig-owner",
        "controller-manager-kubeconfig-mode",
        "controller-manager-kubeconfig-owner",
        "pki-files-owner",
        "pki-certificates-mode",
        "pki-keys-mode",
        "apiserver-anonymous-requests-restricted",
        "apiserver-no-static-tokens",
        "apiserver-denies-service-external-ips",
        "apiserver-kubelet-client-certificate-set",
        "apiserver-verifies-kubelets",
        "apiserver-authorization-not-always-allow",
        "apiserver-authorizes-nodes",
        "apiserver-uses-rbac",
        "apiserver-event-rate-limited",
        "apiserver-admission-not-always-admit",
        "apiserver-always-pulls-images",
        "apiserver-service-account-admission-on",
        "apiserver-namespace-lifecycle-on",
        "apiserver-restricts-nodes",
        "apiserver-profiling-disabled",
        "audit-log-configured",
        "audit-log-age-limit",
        "audit-log-backups-limit",
        "audit-log-size-limit",
        "apiserver-request-timeout-bounded",
        "apiserver-service-account-lookup-on",
        "apiserver-service-account-key-set",
        "apiserver-etcd-client-certificate-set",
        "apiserver-serving-certificate-set",
        "apiserver-client-ca-set",
        "apiserver-verifies-etcd",
        "secrets-encryption-configured",
        "secrets-encryption-strong",
        "apiserver-strong-ciphers",
        "controller-manager-pod-gc-threshold-set",
        "controller-manager-profiling-disabled",
        "controller-manager-separate-credentials",
        "controller-manager-service-account-key-set",
        "controller-manager-root-ca-set",
        "controller-manager-rotates-kubelet-certificates",
        "controller-manager-on-loopback",
        "scheduler-profiling-disabled",
        "scheduler-on-loopback",
        "etcd-serves-tls",
        "etcd-requires-client-certificates",
        "etcd-no-self-made-client-certificates",
        "etcd-peers-use-tls",
        "etcd-requires-peer-certificates",
        "etcd-no-self-made-peer-certificates",
        "etcd-own-certificate-authority",
        "users-have-no-client-certificates",
        "users-have-no-service-account-tokens",
        "users-have-no-bootstrap-tokens",
        "audit-policy-records",
        "audit-policy-covers-security-events",
        "audit-policy-keeps-secrets-out"
      ],
      "parameters": {
        "cni-files-mode": {
          "maxMode": "0600"
        },
        "etcd-data-directory-owner": {
          "rootAllowed": false
        },
        "audit-log-configured": {
          "webhookSuffices": false
        },
        "apiserver-anonymous-requests-restricted": {
          "paths": []
        },
        "pki-certificates-mode": {
          "maxMode": "0600"
        }
      }
    },
    {
      "id": "cis-kubernetes-control-plane@1.11",
      "title": "CIS Kubernetes Benchmark 1.11, control plane (sections 1 to 3)",
      "appliesTo": "false",
      "checks": [
        "control-plane-manifests-mode",
        "control-plane-manifests-owner",
        "cni-files-mode",
        "cni-files-owner",
        "etcd-data-directory-mode",
        "etcd-data-directory-owner",
        "admin-kubeconfigs-mode",
        "admin-kubeconfigs-owner",
        "scheduler-kubeconfig-mode",
        "scheduler-kubeconfig-owner",
        "controller-manager-kubeconfig-mode",
        "controller-manager-kubeconfig-owner",
        "pki-files-owner",
        "pki-certificates-mode",
        "pki-keys-mode",
        "apiserver-anonymous-requests-restricted",
        "apiserver-no-static-tokens",
        "apiserver-denies-service-external-ips",
        "apiserver-kubelet-client-certificate-set",
        "apiserver-verifies-kubelets",
        "apiserver-authorization-not-always-allow",
        "apiserver-authorizes-nodes",
        "apiserver-uses-rbac",
        "apiserver-event-rate-limited",
        "apiserver-admission-not-always-admit",
        "apiserver-always-pulls-images",
        "apiserver-service-account-admission-on",
        "apiserver-namespace-lifecycle-on",
        "apiserver-restricts-nodes",
        "apiserver-profiling-disabled",
        "audit-log-configured",
        "audit-log-age-limit",
        "audit-log-backups-limit",
        "audit-log-size-limit",
        "apiserver-request-timeout-bounded",
        "apiserver-service-account-lookup-on",
        "apiserver-service-account-key-set",
        "apiserver-etcd-client-certificate-set",
        "apiserver-serving-certificate-set",
        "apiserver-client-ca-set",
        "apiserver-verifies-etcd",
        "secrets-encryption-configured",
        "secrets-encryption-strong",
        "apiserver-strong-ciphers",
        "apiserver-token-lifetimes-not-extended",
        "controller-manager-pod-gc-threshold-set",
        "controller-manager-profiling-disabled",
        "controller-manager-separate-credentials",
        "controller-manager-service-account-key-set",
        "controller-manager-root-ca-set",
        "controller-manager-rotates-kubelet-certificates",
        "controller-manager-on-loopback",
        "scheduler-profiling-disabled",
        "scheduler-on-loopback",
        "etcd-serves-tls",
        "etcd-requires-client-certificates",
        "etcd-no-self-made-client-certificates",
        "etcd-peers-use-tls",
        "etcd-requires-peer-certificates",
        "etcd-no-self-made-peer-certificates",
        "etcd-own-certificate-authority",
        "users-have-no-client-certificates",
        "users-have-no-service-account-tokens",
        "users-have-no-bootstrap-tokens",
        "audit-policy-records",
        "audit-policy-covers-security-events",
        "audit-policy-keeps-secrets-out"
      ],
      "parameters": {
        "cni-files-mode": {
          "maxMode": "0600"
        },
        "etcd-data-directory-owner": {
          "rootAllowed": false
        },
        "audit-log-configured": {
          "webhookSuffices": false
        },
        "apiserver-anonymous-requests-restricted": {
          "paths": []
        }
      }
    },
    {
      "id": "cis-kubernetes-control-plane@1.12",
      "title": "CIS Kubernetes Benchmark 1.12, control plane (sections 1 to 3)",
      "appliesTo": "false",
      "checks": [
        "control-plane-manifests-mode",
        "control-plane-manifests-owner",
        "cni-files-mode",
        "cni-files-owner",
        "etcd-data-directory-mode",
        "etcd-data-directory-owner",
        "admin-kubeconfigs-mode",
        "admin-kubeconfigs-owner",
        "scheduler-kubeconfig-mode",
        "scheduler-kubeconfig-owner",
        "controller-manager-kubeconfig-mode",
        "controller-manager-kubeconfig-owner",
        "pki-files-owner",
        "pki-certificates-mode",
        "pki-keys-mode",
        "apiserver-anonymous-requests-restricted",
        "apiserver-no-static-tokens",
        "apiserver-denies-service-external-ips",
        "apiserver-kubelet-client-certificate-set",
        "apiserver-verifies-kubelets",
        "apiserver-authorization-not-always-allow",
        "apiserver-authorizes-nodes",
        "apiserver-uses-rbac",
        "apiserver-event-rate-limited",
        "apiserver-admission-not-always-admit",
        "apiserver-always-pulls-images",
        "apiserver-service-account-admission-on",
        "apiserver-namespace-lifecycle-on",
        "apiserver-restricts-nodes",
        "apiserver-profiling-disabled",
        "audit-log-configured",
        "audit-log-age-limit",
        "audit-log-backups-limit",
        "audit-log-size-limit",
        "apiserver-request-timeout-bounded",
        "apiserver-service-account-lookup-on",
        "apiserver-service-account-key-set",
        "apiserver-etcd-client-certificate-set",
        "apiserver-serving-certificate-set",
        "apiserver-client-ca-set",
        "apiserver-verifies-etcd",
        "secrets-encryption-configured",
        "secrets-encryption-strong",
        "apiserver-strong-ciphers",
        "apiserver-token-lifetimes-not-extended",
        "controller-manager-pod-gc-threshold-set",
        "controller-manager-profiling-disabled",
        "controller-manager-separate-credentials",
        "controller-manager-service-account-key-set",
        "controller-manager-root-ca-set",
        "controller-manager-rotates-kubelet-certificates",
        "controller-manager-on-loopback",
        "scheduler-profiling-disabled",
        "scheduler-on-loopback",
        "etcd-serves-tls",
        "etcd-requires-client-certificates",
        "etcd-no-self-made-client-certificates",
        "etcd-peers-use-tls",
        "etcd-requires-peer-certificates",
        "etcd-no-self-made-peer-certificates",
        "etcd-own-certificate-authority",
        "users-have-no-client-certificates",
        "users-have-no-service-account-tokens",
        "users-have-no-bootstrap-tokens",
        "audit-policy-records",
        "audit-policy-covers-security-events",
        "audit-policy-keeps-secrets-out"
      ],
      "parameters": {
        "cni-files-mode": {
          "maxMode": "0600"
        },
        "etcd-data-directory-owner": {
          "rootAllowed": false
        },
        "audit-log-configured": {
          "webhookSuffices": false
        },
        "apiserver-anonymous-requests-restricted": {
          "paths": []
        }
      }
    },
    {
      "id": "cis-kubernetes-worker",
      "title": "CIS Kubernetes Benchmark, worker node (section 4), in the version for the Kubernetes that runs",
      "appliesTo": "kubelet.kubelets.size() > 0",
      "checks": [
        "kubelet-unit-files-mode",
        "kubelet-unit-files-owner",
        "kube-proxy-kubeconfig-mode",
        "kube-proxy-kubeconfig-owner",
        "kubelet-kubeconfig-mode",
        "kubelet-kubeconfig-owner",
        "kubelet-client-ca-file-mode",
        "kubelet-client-ca-file-owner",
        "kubelet-configuration-files-mode",
        "kubelet-configuration-files-owner",
        "kubelet-anonymous-auth-disabled",
        "kubelet-api-closed-to-anonymous",
        "kubelet-authorization-not-always-allow",
        "kubelet-client-ca-configured",
        "kubelet-read-only-port-disabled",
        "kubelet-read-only-port-closed",
        "kubelet-streaming-timeout-set",
        "kubelet-manages-iptables-chains",
        "kubelet-hostname-not-overridden",
        "kubelet-event-rate-limited",
        "kubelet-serving-certificate-trusted",
        "kubelet-client-certificate-rotated",
        "kubelet-serving-certificate-rotated",
        "kubelet-strong-ciphers",
        "kubelet-pod-pids-limited",
        "kubelet-seccomp-default-enabled",
        "kubernetes-local-ports-on-loopback"
      ],
      "parameters": {
        "kubelet-unit-files-mode": {
          "maxMode": "0600"
        },
        "kubernetes-local-ports-on-loopback": {
          "ports": [
            10249
          ]
        }
      },
      "versions": [
        {
          "profile": "cis-kubernetes-worker@1.10",
          "when": "kubelet.kubelets.exists(k, !versionAtLeast(k.version, \"1.29\"))"
        },
        {
          "profile": "cis-kubernetes-worker@1.11",
          "when": "kubelet.kubelets.exists(k, !versionAtLeast(k.version, \"1.32\"))"
        },
        {
          "profile": "cis-kubernetes-worker@1.12",
          "when": "kubelet.kubelets.all(k, versionAtLeast(k.version, \"1.32\"))"
        }
      ]
    },
    {
      "id": "cis-kubernetes-worker@1.10",
      "title": "CIS Kubernetes Benchmark 1.10, worker node (section 4)",
      "appliesTo": "false",
      "checks": [
        "kubelet-unit-files-mode",
        "kubelet-unit-files-owner",
        "kube-proxy-kubeconfig-mode",
        "kube-proxy-kubeconfig-owner",
        "kubelet-kubeconfig-mode",
        "kubelet-kubeconfig-owner",
        "kubelet-client-ca-file-mode",
        "kubelet-client-ca-file-owner",
        "kubelet-configuration-files-mode",
        "kubelet-configuration-files-owner",
        "kubelet-anonymous-auth-disabled",
        "kubelet-api-closed-to-anonymous",
        "kubelet-authorization-not-always-allow",
        "kubelet-client-ca-configured",
        "kubelet-read-only-port-disabled",
        "kubelet-read-only-port-closed",
        "kubelet-streaming-timeout-set",
        "kubelet-manages-iptables-chains",
        "kubelet-hostname-not-overridden",
        "kubelet-event-rate-limited",
        "kubelet-serving-certificate-trusted",
        "kubelet-client-certificate-rotated",
        "kubelet-serving-certificate-rotated",
        "kubelet-strong-ciphers",
        "kubelet-pod-pids-limited",
        "kubernetes-local-ports-on-loopback"
      ],
      "parameters": {
        "kubelet-unit-files-mode": {
          "maxMode": "0600"
        },
        "kubernetes-local-ports-on-loopback": {
          "ports": [
            10249
          ]
        },
        "kubelet-strong-ciphers": {
          "suites": [
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_RSA_WITH_AES_128_GCM_SHA256"
          ]
        },
        "kubelet-client-ca-file-mode": {
          "maxMode": "0600"
        }
      }
    },
    {
      "id": "cis-kubernetes-worker@1.11",
      "title": "CIS Kubernetes Benchmark 1.11, worker node (section 4)",
      "appliesTo": "false",
      "checks": [
        "kubelet-unit-files-mode",
        "kubelet-unit-files-owner",
        "kube-proxy-kubeconfig-mode",
        "kube-proxy-kubeconfig-owner",
        "kubelet-kubeconfig-mode",
        "kubelet-kubeconfig-owner",
        "kubelet-client-ca-file-mode",
        "kubelet-client-ca-file-owner",
        "kubelet-configuration-files-mode",
        "kubelet-configuration-files-owner",
        "kubelet-anonymous-auth-disabled",
        "kubelet-api-closed-to-anonymous",
        "kubelet-authorization-not-always-allow",
        "kubelet-client-ca-configured",
        "kubelet-read-only-port-disabled",
        "kubelet-read-only-port-closed",
        "kubelet-streaming-timeout-set",
        "kubelet-manages-iptables-chains",
        "kubelet-hostname-not-overridden",
        "kubelet-event-rate-limited",
        "kubelet-serving-certificate-trusted",
        "kubelet-client-certificate-rotated",
        "kubelet-serving-certificate-rotated",
        "kubelet-strong-ciphers",
        "kubelet-pod-pids-limited",
        "kubelet-seccomp-default-enabled",
        "kubernetes-local-ports-on-loopback"
      ],
      "parameters": {
        "kubelet-unit-files-mode": {
          "maxMode": "0600"
        },
        "kubernetes-local-ports-on-loopback": {
          "ports": [
            10249
          ]
        },
        "kubelet-strong-ciphers": {
          "suites": [
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_RSA_WITH_AES_128_GCM_SHA256"
          ]
        }
      }
    },
    {
      "id": "cis-kubernetes-worker@1.12",
      "title": "CIS Kubernetes Benchmark 1.12, worker node (section 4)",
      "appliesTo": "false",
      "checks": [
        "kubelet-unit-files-mode",
        "kubelet-unit-files-owner",
        "kube-proxy-kubeconfig-mode",
        "kube-proxy-kubeconfig-owner",
        "kubelet-kubeconfig-mode",
        "kubelet-kubeconfig-owner",
        "kubelet-client-ca-file-mode",
        "kubelet-client-ca-file-owner",
        "kubelet-configuration-files-mode",
        "kubelet-configuration-files-owner",
        "kubelet-anonymous-auth-disabled",
        "kubelet-api-closed-to-anonymous",
        "kubelet-authorization-not-always-allow",
        "kubelet-client-ca-configured",
        "kubelet-read-only-port-disabled",
        "kubelet-read-only-port-closed",
        "kubelet-streaming-timeout-set",
        "kubelet-manages-iptables-chains",
        "kubelet-hostname-not-overridden",
        "kubelet-event-rate-limited",
        "kubelet-serving-certificate-trusted",
        "kubelet-client-certificate-rotated",
        "kubelet-serving-certificate-rotated",
        "kubelet-strong-ciphers",
        "kubelet-pod-pids-limited",
        "kubelet-seccomp-default-enabled",
        "kubernetes-local-ports-on-loopback"
      ],
      "parameters": {
        "kubelet-unit-files-mode": {
          "maxMode": "0600"
        },
        "kubernetes-local-ports-on-loopback": {
          "ports": [
            10249
          ]
        }
      }
    },
    {
      "id": "cks",
      "title": "Kubernetes node: what a Certified Kubernetes Security Specialist hardens",
      "appliesTo": "kubelet.kubelets.size() > 0",
      "checks": [
        "kubelet-anonymous-auth-disabled",
        "kubelet-api-closed-to-anonymous",
        "kubelet-authorization-not-always-allow",
        "kubelet-client-ca-configured",
        "kubelet-read-only-port-disabled",
        "kubelet-read-only-port-closed",
        "kubelet-streaming-timeout-set",
        "kubelet-manages-iptables-chains",
        "kubelet-hostname-not-overridden",
        "kubelet-event-rate-limited",
        "kubelet-serving-certificate-trusted",
        "kubelet-client-certificate-rotated",
        "kubelet-serving-certificate-rotated",
        "kubelet-strong-ciphers",
        "kubelet-pod-pids-limited",
        "kubelet-seccomp-default-enabled",
        "kubelet-answers-as-configured",
        "kubelet-listens-as-configured",
        "kubelet-configuration-active",
        "kubelet-runs-as-configured",
        "kubelet-client-ca-in-force",
        "kubelet-accepts-modern-tls-only",
        "kubelet-accepts-no-weak-ciphers",
        "kubelet-presents-certificate-on-disk",
        "kubelet-certificates-valid",
        "kubelet-certificates-last",
        "kubelet-certificates-strong",
        "kubelet-client-certificate-of-a-node",
        "kubelet-static-pods-from-files-only",
        "kubelet-drop-ins-read",
        "kubelet-configuration-keys-known",
        "kubelet-not-outdated",
        "kubelet-version-fits-api-server",
        "kubelet-tls-minimum-version",
        "kubelet-protects-kernel-defaults",
        "kubelet-healthz-loopback-only",
        "kubelet-profiling-disabled",
        "kubelet-system-logs-not-served",
        "kubelet-bootstrap-kubeconfig-removed",
        "kubelet-unit-files-mode",
        "kubelet-unit-files-owner",
        "kube-proxy-kubeconfig-mode",
        "kube-proxy-kubeconfig-owner",
        "kubelet-kubeconfig-mode",
        "kubelet-kubeconfig-owner",
        "kubelet-client-ca-file-mode",
        "kubelet-client-ca-file-owner",
        "kubelet-configuration-files-mode",
        "kubelet-configuration-files-owner",
        "kubelet-environment-files-mode",
        "kubelet-environment-files-owner",
        "kubelet-serving-key-mode",
        "kubelet-serving-key-owner",
        "kubelet-drop-in-directory-mode",
        "kubelet-drop-in-directory-owner",
        "apiserver-anonymous-requests-restricted",
        "apiserver-no-static-tokens",
        "apiserver-denies-service-external-ips",
        "apiserver-kubelet-client-certificate-set",
        "apiserver-verifies-kubelets",
        "apiserver-authorization-not-always-allow",
        "apiserver-authorizes-nodes",
        "apiserver-uses-rbac",
        "apiserver-event-rate-limited",
        "apiserver-admission-not-always-admit",
        "apiserver-always-pulls-images",
        "apiserver-service-account-admission-on",
        "apiserver-namespace-lifecycle-on",
        "apiserver-restricts-nodes",
        "apiserver-profiling-disabled",
        "audit-log-configured",
        "audit-log-age-limit",
        "audit-log-backups-limit",
        "audit-log-size-limit",
        "apiserver-request-timeout-bounded",
        "apiserver-service-account-lookup-on",
        "apiserver-service-account-key-set",
        "apiserver-etcd-client-certificate-set",
        "apiserver-serving-certificate-set",
        "apiserver-client-ca-set",
        "apiserver-verifies-etcd",
        "secrets-encryption-configured",
        "secrets-encryption-strong",
        "apiserver-strong-ciphers",
        "apiserver-token-lifetimes-not-extended",
        "apiserver-reaches-etcd-over-tls",
        "image-policy-webhook-fails-closed",
        "users-have-no-client-certificates",
        "users-have-no-service-account-tokens",
        "users-have-no-bootstrap-tokens",
        "audit-policy-records",
        "audit-policy-covers-security-events",
        "audit-policy-keeps-secrets-out",
        "audit-policy-rules-reachable",
        "audit-log-being-written",
        "controller-manager-pod-gc-threshold-set",
        "controller-manager-profiling-disabled",
        "controller-manager-separate-credentials",
        "controller-manager-service-account-key-set",
        "controller-manager-root-ca-set",
        "controller-manager-rotates-kubelet-certificates",
        "controller-manager-on-loopback",
        "scheduler-profiling-disabled",
        "scheduler-on-loopback",
        "kube-proxy-metrics-on-loopback",
        "etcd-serves-tls",
        "etcd-requires-client-certificates",
        "etcd-no-self-made-client-certificates",
        "etcd-peers-use-tls",
        "etcd-requires-peer-certificates",
        "etcd-no-self-made-peer-certificates",
        "etcd-own-certificate-authority",
        "etcd-clients-not-in-clear-text",
        "etcd-metrics-not-in-clear-text",
        "etcd-profiling-disabled",
        "control-plane-manifests-mode",
        "control-plane-manifests-owner",
        "cni-files-mode",
        "cni-files-owner",
        "etcd-data-directory-mode",
        "etcd-data-directory-owner",
        "admin-kubeconfigs-mode",
        "admin-kubeconfigs-owner",
        "scheduler-kubeconfig-mode",
        "scheduler-kubeconfig-owner",
        "controller-manager-kubeconfig-mode",
        "controller-manager-kubeconfig-owner",
        "pki-files-owner",
        "pki-certificates-mode",
        "pki-keys-mode",
        "encryption-configuration-mode",
        "audit-logs-mode",
        "static-token-files-mode",
        "control-plane-manifests-active",
        "control-plane-configuration-active",
        "control-plane-files-mounted",
        "control-plane-declared-once",
        "control-plane-certificates-valid",
        "control-plane-certificates-last",
        "control-plane-certificates-strong",
        "admin-kubeconfigs-below-rbac",
        "docker-api-not-on-plain-tcp",
        "etcd-not-on-every-address",
        "kubernetes-local-ports-on-loopback",
        "kubernetes-insecure-ports-closed",
        "exposed-ports-allowed",
        "exposed-listeners-belong-to-services",
        "no-plaintext-legacy-services",
        "remote-desktops-not-exposed",
        "debuggers-not-exposed",
        "data-stores-not-on-every-address",
        "file-sharing-not-exposed",
        "mail-server-local-only",
        "snmp-not-exposed",
        "x11-not-exposed",
        "docker-tcp-api-verifies-clients",
        "containerd-api-not-on-tcp",
        "container-streaming-on-loopback",
        "container-sockets-closed-to-others",
        "power-sockets-closed-to-everyone",
        "power-sockets-served-by-their-programs",
        "container-shims-have-files-for-sockets",
        "container-sockets-of-known-groups",
        "container-engine-files-protected",
        "container-keys-private",
        "container-default-seccomp-on",
        "container-default-apparmor-on",
        "container-registries-verified",
        "sandboxed-runtime-available",
        "sandboxed-runtimes-usable",
        "containers-not-privileged",
        "containers-without-dangerous-capabilities",
        "containers-filter-system-calls",
        "containers-confined-by-access-control",
        "containers-gain-no-privileges",
        "containers-not-root",
        "containers-own-namespaces",
        "containers-without-engine-sockets",
        "containers-write-no-host-directories",
        "containers-read-only-root",
        "static-pods-not-privileged",
        "static-pods-drop-rights",
        "static-pods-share-no-processes",
        "static-pods-filter-system-calls",
        "static-pods-write-no-host-directories",
        "daemons-have-no-ambient-capabilities-of-root",
        "apparmor-enabled-at-boot",
        "apparmor-profiles-loaded",
        "apparmor-programs-confined",
        "apparmor-files-as-expected",
        "apparmor-no-profile-complains",
        "apparmor-files-loaded",
        "container-apparmor-profile-loaded",
        "kernel-supports-seccomp-filters",
        "seccomp-refusals-logged",
        "seccomp-directory-protected",
        "seccomp-profiles-as-expected",
        "static-pods-seccomp-profiles-there",
        "static-pods-apparmor-profiles-loaded",
        "seccomp-profiles-valid",
        "seccomp-profiles-restrictive",
        "seccomp-profiles-refuse-dangerous-calls",
        "seccomp-profiles-inside-directory",
        "os-release-supported",
        "os-support-lasts",
        "mandatory-access-control-active",
        "selinux-not-permissive-at-boot",
        "cpu-mitigations-on",
        "kernel-self-protection-on",
        "modprobe-helper-genuine",
        "blacklisted-modules-not-loaded",
        "blacklisted-modules-not-loadable",
        "loaded-modules-signed",
        "kernel-taint-explained",
        "unused-network-protocols-unavailable",
        "legacy-network-protocols-unavailable",
        "amateur-radio-protocols-unavailable",
        "unused-filesystems-unavailable",
        "kernel-smb-server-unavailable",
        "usb-storage-unavailable",
        "address-space-randomized",
        "ptrace-restricted",
        "kernel-addresses-hidden",
        "kernel-log-restricted",
        "unprivileged-bpf-disabled",
        "userfaultfd-restricted",
        "perf-events-restricted",
        "low-addresses-not-mappable",
        "magic-sysrq-restricted",
        "links-in-shared-directories-protected",
        "files-in-shared-directories-protected",
        "setuid-programs-do-not-dump",
        "core-dump-helper-genuine",
        "redirects-not-accepted",
        "redirects-not-sent",
        "source-routes-not-accepted",
        "broadcast-pings-ignored",
        "bogus-icmp-errors-ignored",
        "syn-cookies-on",
        "kernel-parameters-as-persisted",
        "kernel-parameter-files-name-known",
        "kubelet-kernel-defaults-set",
        "bridged-traffic-filtered",
        "remote-shells-of-old-off",
        "inetd-off",
        "nis-off",
        "ftp-server-off",
        "tftp-server-off",
        "nfs-server-off",
        "rpcbind-off",
        "samba-server-off",
        "rsync-daemon-off",
        "name-discovery-off",
        "print-server-off",
        "snmp-agent-off",
        "graphical-login-off",
        "bluetooth-off",
        "debug-shell-off",
        "enabled-protection-runs",
        "running-protection-enabled",
        "runtime-detection-runs",
        "falco-sees-system-calls",
        "falco-has-rules",
        "falco-alerts-leave-it",
        "system-log-kept",
        "logs-survive-reboot",
        "time-synchronized",
        "one-time-daemon-at-boot",
        "audit-on-in-kernel",
        "audit-rules-loaded",
        "audit-not-switched-off-by-rule",
        "audit-log-protected",
        "only-root-has-uid-0",
        "no-empty-passwords",
        "root-password-set-or-locked",
        "password-hashes-strong",
        "nodes-have-no-password-logins",
        "no-nis-entries",
        "shadow-group-empty",
        "root-equivalent-members-known",
        "system-accounts-not-interactive",
        "accounts-without-shell-have-no-ssh-keys",
        "root-has-no-ssh-keys",
        "ssh-key-types-strong",
        "sudo-authentication-not-switched-off",
        "sudo-asks-for-password",
        "sudo-everything-for-administrators-only",
        "sudo-commands-do-not-give-shells",
        "sudo-commands-outside-user-directories",
        "sudo-uses-pty",
        "sudo-asks-again-in-time",
        "ssh-empty-passwords-refused",
        "ssh-root-password-login-disabled",
        "ssh-root-login-disabled",
        "ssh-password-authentication-disabled",
        "ssh-host-based-authentication-disabled",
        "ssh-rhosts-ignored",
        "ssh-strict-modes-on",
        "ssh-user-environment-refused",
        "ssh-x11-forwarding-disabled",
        "ssh-gateway-ports-closed",
        "ssh-tunnels-disabled",
        "ssh-agent-forwarding-disabled",
        "ssh-unauthenticated-connections-limited",
        "ssh-logs-logins",
        "ssh-ciphers-strong",
        "ssh-macs-strong",
        "ssh-key-exchange-strong",
        "ssh-signatures-strong",
        "ssh-host-keys-private",
        "ssh-host-keys-strong",
        "ssh-configuration-protected",
        "ssh-configuration-accepted",
        "reboot-not-pending",
        "newest-kernel-runs",
        "replaced-code-not-running",
        "package-lists-fresh",
        "packages-completely-installed",
        "legacy-servers-not-installed",
        "selinux-enforcing",
        "selinux-enforcing-at-boot",
        "selinux-not-disabled-by-boot-parameter",
        "selinux-policy-complete",
        "selinux-no-permissive-domains",
        "selinux-services-confined",
        "selinux-weakening-booleans-off",
        "exposed-ports-not-let-in",
        "ipv6-filtered-like-ipv4",
        "ufw-not-off-with-rules",
        "ufw-enabled-at-boot",
        "ufw-rules-loaded",
        "ufw-rules-in-kernel",
        "ufw-no-undeclared-rules",
        "ufw-covers-ipv6",
        "ufw-denies-incoming-by-default",
        "ufw-logging-enabled",
        "ufw-no-rule-allows-everything",
        "ufw-rules-take-effect",
        "ufw-rules-have-listeners",
        "docker-ports-not-past-ufw",
        "logs-not-taken-from-others",
        "logs-leave-the-host",
        "account-files-written-by-root-only",
        "password-hashes-read-by-root-only",
        "scheduled-jobs-written-by-root-only",
        "programs-written-by-root-only",
        "startup-settings-written-by-root-only",
        "temporary-directories-sticky",
        "set-id-files-of-packages",
        "file-capabilities-not-root-equivalent",
        "cluster-network-policies-deny-by-default",
        "cluster-rbac-least-privilege",
        "cluster-service-account-tokens-not-mounted",
        "cluster-pod-security-enforced",
        "cluster-secrets-encrypted-at-rest",
        "cluster-audit-log-kept",
        "cluster-metadata-service-guarded",
        "cluster-images-from-trusted-registries",
        "cluster-runtime-sandbox-for-untrusted",
        "cluster-ingress-uses-tls",
        "cluster-binaries-verified"
      ],
      "parameters": {
        "exposed-ports-allowed": {
          "allowed": [
            "22/tcp",
            "68/udp",
            "546/udp",
            "179/tcp",
            "2379/tcp",
            "2380/tcp",
            "4240/tcp",
            "4244/tcp",
            "4789/udp",
            "5473/tcp",
            "6081/udp",
            "6443/tcp",
            "8472/udp",
            "10250/tcp",
            "10256/tcp",
            "51820/udp",
            "51821/udp"
          ]
        },
        "exposed-ports-not-let-in": {
          "allowed": [
            "22/tcp",
            "68/udp",
            "546/udp",
            "179/tcp",
            "2379/tcp",
            "2380/tcp",
            "4240/tcp",
            "4244/tcp",
            "4789/udp",
            "5473/tcp",
            "6081/udp",
            "6443/tcp",
            "8472/udp",
            "10250/tcp",
            "10256/tcp",
            "51820/udp",
            "51821/udp"
          ]
        }
      }
    },
    {
      "id": "docker-host",
      "title": "Docker host: engine, API, files and containers",
      "appliesTo": "containerRuntime.docker.exists(d, !d.contained)",
      "checks": [
        "docker-api-not-on-plain-tcp",
        "docker-tcp-api-verifies-clients",
        "docker-api-not-open-to-web-pages",
        "docker-metrics-on-loopback",
        "containerd-api-not-on-tcp",
        "container-streaming-on-loopback",
        "container-sockets-closed-to-others",
        "power-sockets-closed-to-everyone",
        "power-sockets-served-by-their-programs",
        "container-shims-have-files-for-sockets",
        "container-sockets-of-known-groups",
        "root-equivalent-members-known",
        "docker-configuration-consistent",
        "docker-bridge-traffic-restricted",
        "docker-new-privileges-denied-by-default",
        "docker-user-namespaces-remapped",
        "docker-keeps-containers-over-restarts",
        "docker-manages-packet-filter",
        "docker-userland-proxy-off",
        "docker-log-level-fit",
        "docker-container-logs-kept",
        "docker-experimental-off",
        "docker-default-ulimits-set",
        "docker-cgroup-parent-default",
        "docker-authorization-plugins-used",
        "docker-not-outdated",
        "container-data-separate",
        "docker-storage-driver-maintained",
        "docker-ports-not-past-ufw",
        "container-ports-on-one-address",
        "container-ports-not-privileged",
        "containers-keep-remapped-users",
        "container-default-seccomp-on",
        "container-default-apparmor-on",
        "container-apparmor-profile-loaded",
        "container-registries-verified",
        "container-engine-files-protected",
        "container-keys-private",
        "container-certificates-protected",
        "docker-client-configuration-private",
        "containers-not-privileged",
        "containers-without-dangerous-capabilities",
        "containers-filter-system-calls",
        "containers-confined-by-access-control",
        "containers-gain-no-privileges",
        "containers-not-root",
        "containers-own-namespaces",
        "containers-without-engine-sockets",
        "containers-write-no-host-directories",
        "containers-read-only-root",
        "sandboxed-runtime-available",
        "sandboxed-runtimes-usable"
      ],
      "parameters": {}
    },
    {
      "id": "linux-hardening",
      "title": "Linux server hardening, level 1",
      "appliesTo": "host.kubernetesRoles.size() == 0",
      "checks": [
        "docker-api-not-on-plain-tcp",
        "exposed-ports-allowed",
        "exposed-listeners-belong-to-services",
        "no-plaintext-legacy-services",
        "x11-not-exposed",
        "remote-desktops-not-exposed",
        "debuggers-not-exposed",
        "data-stores-not-on-every-address",
        "file-sharing-not-exposed",
        "mail-server-local-only",
        "logs-not-taken-from-others",
        "snmp-not-exposed",
        "name-discovery-not-exposed",
        "etcd-not-on-every-address",
        "kubernetes-insecure-ports-closed",
        "firewall-filters-input",
        "incoming-traffic-denied-by-default",
        "packet-filter-comes-back-after-reboot",
        "ipv6-filtered-like-ipv4",
        "one-firewall-manager-at-boot",
        "iptables-legacy-not-mixed-with-nft",
        "ufw-not-off-with-rules",
        "ufw-enabled-at-boot",
        "ufw-rules-loaded",
        "ufw-rules-in-kernel",
        "ufw-no-undeclared-rules",
        "ufw-covers-ipv6",
        "ufw-denies-incoming-by-default",
        "ufw-denies-forwarding-by-default",
        "ufw-logging-enabled",
        "ufw-no-rule-allows-everything",
        "ufw-rules-take-effect",
        "ufw-rules-have-listeners",
        "exposed-ports-not-let-in",
        "docker-ports-not-past-ufw",
        "firewalld-default-zone-restrictive",
        "only-root-has-uid-0",
        "no-empty-passwords",
        "root-password-set-or-locked",
        "password-hashes-strong",
        "password-hashing-strong",
        "password-changes-not-in-the-future",
        "pam-hashes-strong",
        "pam-refuses-empty-passwords",
        "password-quality-checked",
        "password-minimum-length",
        "passwords-not-from-dictionary",
        "checked-password-is-the-one-stored",
        "accounts-lock-after-failures",
        "locked-accounts-stay-locked",
        "su-limited-to-group",
        "no-nis-entries",
        "shadow-group-empty",
        "root-equivalent-members-known",
        "only-root-has-gid-0",
        "only-group-root-has-gid-0",
        "user-ids-unique",
        "user-names-unique",
        "group-ids-unique",
        "group-names-unique",
        "primary-groups-exist",
        "system-accounts-not-interactive",
        "accounts-without-shell-have-no-password",
        "accounts-without-shell-have-no-ssh-keys",
        "root-has-no-ssh-keys",
        "ssh-key-types-strong",
        "home-directories-private",
        "home-directories-owned-by-user",
        "home-directories-exist",
        "default-umask-strict",
        "sudo-authentication-not-switched-off",
        "sudo-asks-for-password",
        "sudo-everything-for-administrators-only",
        "sudo-commands-do-not-give-shells",
        "sudo-commands-outside-user-directories",
        "sudo-uses-pty",
        "sudo-asks-again-in-time",
        "modprobe-helper-genuine",
        "blacklisted-modules-not-loaded",
        "blacklisted-modules-not-loadable",
        "loaded-modules-signed",
        "kernel-taint-explained",
        "unused-network-protocols-unavailable",
        "legacy-network-protocols-unavailable",
        "amateur-radio-protocols-unavailable",
        "unused-filesystems-unavailable",
        "kernel-smb-server-unavailable",
        "usb-storage-unavailable",
        "address-space-randomized",
        "ptrace-restricted",
        "kernel-addresses-hidden",
        "kernel-log-restricted",
        "unprivileged-bpf-disabled",
        "userfaultfd-restricted",
        "perf-events-restricted",
        "low-addresses-not-mappable",
        "magic-sysrq-restricted",
        "links-in-shared-directories-protected",
        "files-in-shared-directories-protected",
        "setuid-programs-do-not-dump",
        "core-dump-helper-genuine",
        "redirects-not-accepted",
        "redirects-not-sent",
        "source-routes-not-accepted",
        "reverse-path-filtered",
        "broadcast-pings-ignored",
        "bogus-icmp-errors-ignored",
        "syn-cookies-on",
        "ip-forwarding-off",
        "loopback-not-routed",
        "wireless-interfaces-absent",
        "kernel-parameters-as-persisted",
        "kernel-parameter-files-name-known",
        "docker-tcp-api-verifies-clients",
        "docker-configuration-consistent",
        "containerd-api-not-on-tcp",
        "container-sockets-closed-to-others",
        "power-sockets-closed-to-everyone",
        "power-sockets-served-by-their-programs",
        "container-shims-have-files-for-sockets",
        "container-sockets-of-known-groups",
        "container-engine-files-protected",
        "container-keys-private",
        "containers-not-privileged",
        "containers-without-engine-sockets",
        "containers-filter-system-calls",
        "daemons-have-no-ambient-capabilities-of-root",
        "apparmor-enabled-at-boot",
        "apparmor-profiles-loaded",
        "apparmor-programs-confined",
        "apparmor-files-as-expected",
        "apparmor-no-profile-complains",
        "apparmor-files-loaded",
        "apparmor-files-enforce",
        "apparmor-profiles-not-disabled",
        "kernel-supports-seccomp-filters",
        "seccomp-refusals-logged",
        "remote-shells-of-old-off",
        "inetd-off",
        "nis-off",
        "ftp-server-off",
        "tftp-server-off",
        "nfs-server-off",
        "rpcbind-off",
        "samba-server-off",
        "rsync-daemon-off",
        "name-discovery-off",
        "print-server-off",
        "snmp-agent-off",
        "graphical-login-off",
        "bluetooth-off",
        "crash-reports-not-sent",
        "debug-shell-off",
        "enabled-protection-runs",
        "running-protection-enabled",
        "system-log-kept",
        "logs-leave-the-host",
        "logs-survive-reboot",
        "journal-compressed",
        "journal-reaches-syslog",
        "time-synchronized",
        "time-daemon-not-run-by-root",
        "cron-runs",
        "one-time-daemon-at-boot",
        "time-servers-chosen",
        "security-updates-automatic",
        "no-unit-failed",
        "audit-on-in-kernel",
        "audit-rules-loaded",
        "audit-not-switched-off-by-rule",
        "audit-log-written",
        "audit-log-size-set",
        "audit-log-protected",
        "audit-configuration-protected",
        "audit-tools-protected",
        "ssh-empty-passwords-refused",
        "ssh-root-password-login-disabled",
        "ssh-root-login-disabled",
        "ssh-host-based-authentication-disabled",
        "ssh-rhosts-ignored",
        "ssh-strict-modes-on",
        "ssh-user-environment-refused",
        "ssh-uses-pam",
        "ssh-x11-forwarding-disabled",
        "ssh-gateway-ports-closed",
        "ssh-tunnels-disabled",
        "ssh-idle-connections-ended",
        "ssh-login-grace-time-short",
        "ssh-authentication-tries-limited",
        "ssh-sessions-limited",
        "ssh-unauthenticated-connections-limited",
        "ssh-logs-logins",
        "ssh-ciphers-strong",
        "ssh-macs-strong",
        "ssh-key-exchange-strong",
        "ssh-signatures-strong",
        "ssh-host-keys-private",
        "ssh-public-host-keys-protected",
        "ssh-host-keys-strong",
        "ssh-configuration-protected",
        "ssh-configuration-accepted",
        "reboot-not-pending",
        "newest-kernel-runs",
        "replaced-code-not-running",
        "package-lists-fresh",
        "packages-completely-installed",
        "packages-not-held-back",
        "legacy-clients-not-installed",
        "legacy-servers-not-installed",
        "prelink-not-installed",
        "package-sources-trusted",
        "selinux-enforcing",
        "selinux-enforcing-at-boot",
        "selinux-not-disabled-by-boot-parameter",
        "selinux-policy-complete",
        "selinux-no-permissive-domains",
        "selinux-services-confined",
        "selinux-weakening-booleans-off",
        "os-release-supported",
        "os-support-lasts",
        "mandatory-access-control-active",
        "selinux-not-permissive-at-boot",
        "cpu-mitigations-on",
        "kernel-self-protection-on",
        "auditing-not-switched-off-at-boot",
        "machine-id-set",
        "account-files-written-by-root-only",
        "password-hashes-read-by-root-only",
        "scheduled-jobs-written-by-root-only",
        "programs-written-by-root-only",
        "startup-settings-written-by-root-only",
        "boot-menu-private",
        "login-banners-written-by-root-only",
        "temporary-directories-sticky",
        "temporary-directories-without-devices-and-set-uid",
        "set-id-files-of-packages",
        "file-capabilities-not-root-equivalent",
        "no-world-writable-files",
        "world-writable-directories-sticky",
        "no-unowned-files"
      ],
      "parameters": {}
    },
    {
      "id": "linux-hardening-strict",
      "title": "Linux server hardening, level 2 (strict)",
      "appliesTo": "false",
      "checks": [
        "docker-api-not-on-plain-tcp",
        "exposed-ports-allowed",
        "exposed-listeners-belong-to-services",
        "no-plaintext-legacy-services",
        "x11-not-exposed",
        "remote-desktops-not-exposed",
        "debuggers-not-exposed",
        "data-stores-not-on-every-address",
        "file-sharing-not-exposed",
        "mail-server-local-only",
        "logs-not-taken-from-others",
        "snmp-not-exposed",
        "name-discovery-not-exposed",
        "etcd-not-on-every-address",
        "kubernetes-insecure-ports-closed",
        "firewall-filters-input",
        "incoming-traffic-denied-by-default",
        "packet-filter-comes-back-after-reboot",
        "ipv6-filtered-like-ipv4",
        "one-firewall-manager-at-boot",
        "iptables-legacy-not-mixed-with-nft",
        "ufw-not-off-with-rules",
        "ufw-enabled-at-boot",
        "ufw-rules-loaded",
        "ufw-rules-in-kernel",
        "ufw-no-undeclared-rules",
        "ufw-covers-ipv6",
        "ufw-denies-incoming-by-default",
        "ufw-denies-forwarding-by-default",
        "ufw-logging-enabled",
        "ufw-no-rule-allows-everything",
        "ufw-rules-take-effect",
        "ufw-rules-have-listeners",
        "exposed-ports-not-let-in",
        "docker-ports-not-past-ufw",
        "firewalld-default-zone-restrictive",
        "only-root-has-uid-0",
        "no-empty-passwords",
        "root-password-set-or-locked",
        "password-hashes-strong",
        "password-hashing-strong",
        "password-changes-not-in-the-future",
        "pam-hashes-strong",
        "pam-refuses-empty-passwords",
        "password-quality-checked",
        "password-minimum-length",
        "passwords-not-from-dictionary",
        "checked-password-is-the-one-stored",
        "accounts-lock-after-failures",
        "locked-accounts-stay-locked",
        "su-limited-to-group",
        "no-nis-entries",
        "shadow-group-empty",
        "root-equivalent-members-known",
        "only-root-has-gid-0",
        "only-group-root-has-gid-0",
        "user-ids-unique",
        "user-names-unique",
        "group-ids-unique",
        "group-names-unique",
        "primary-groups-exist",
        "system-accounts-not-interactive",
        "accounts-without-shell-have-no-password",
        "accounts-without-shell-have-no-ssh-keys",
        "root-has-no-ssh-keys",
        "ssh-key-types-strong",
        "home-directories-private",
        "home-directories-owned-by-user",
        "home-directories-exist",
        "default-umask-strict",
        "sudo-authentication-not-switched-off",
        "sudo-asks-for-password",
        "sudo-everything-for-administrators-only",
        "sudo-commands-do-not-give-shells",
        "sudo-commands-outside-user-directories",
        "sudo-uses-pty",
        "sudo-asks-again-in-time",
        "modprobe-helper-genuine",
        "blacklisted-modules-not-loaded",
        "blacklisted-modules-not-loadable",
        "loaded-modules-signed",
        "kernel-taint-explained",
        "unused-network-protocols-unavailable",
        "legacy-network-protocols-unavailable",
        "amateur-radio-protocols-unavailable",
        "unused-filesystems-unavailable",
        "kernel-smb-server-unavailable",
        "usb-storage-unavailable",
        "address-space-randomized",
        "ptrace-restricted",
        "kernel-addresses-hidden",
        "kernel-log-restricted",
        "unprivileged-bpf-disabled",
        "userfaultfd-restricted",
        "perf-events-restricted",
        "low-addresses-not-mappable",
        "magic-sysrq-restricted",
        "links-in-shared-directories-protected",
        "files-in-shared-directories-protected",
        "setuid-programs-do-not-dump",
        "core-dump-helper-genuine",
        "redirects-not-accepted",
        "redirects-not-sent",
        "source-routes-not-accepted",
        "reverse-path-filtered",
        "broadcast-pings-ignored",
        "bogus-icmp-errors-ignored",
        "syn-cookies-on",
        "ip-forwarding-off",
        "loopback-not-routed",
        "wireless-interfaces-absent",
        "kernel-parameters-as-persisted",
        "kernel-parameter-files-name-known",
        "docker-tcp-api-verifies-clients",
        "docker-configuration-consistent",
        "containerd-api-not-on-tcp",
        "container-sockets-closed-to-others",
        "power-sockets-closed-to-everyone",
        "power-sockets-served-by-their-programs",
        "container-shims-have-files-for-sockets",
        "container-sockets-of-known-groups",
        "container-engine-files-protected",
        "container-keys-private",
        "containers-not-privileged",
        "containers-without-engine-sockets",
        "containers-filter-system-calls",
        "daemons-have-no-ambient-capabilities-of-root",
        "apparmor-enabled-at-boot",
        "apparmor-profiles-loaded",
        "apparmor-programs-confined",
        "apparmor-files-as-expected",
        "apparmor-no-profile-complains",
        "apparmor-files-loaded",
        "apparmor-files-enforce",
        "apparmor-profiles-not-disabled",
        "kernel-supports-seccomp-filters",
        "seccomp-refusals-logged",
        "remote-shells-of-old-off",
        "inetd-off",
        "nis-off",
        "ftp-server-off",
        "tftp-server-off",
        "nfs-server-off",
        "rpcbind-off",
        "samba-server-off",
        "rsync-daemon-off",
        "name-discovery-off",
        "print-server-off",
        "snmp-agent-off",
        "graphical-login-off",
        "bluetooth-off",
        "crash-reports-not-sent",
        "debug-shell-off",
        "enabled-protection-runs",
        "running-protection-enabled",
        "system-log-kept",
        "logs-leave-the-host",
        "logs-survive-reboot",
        "journal-compressed",
        "journal-reaches-syslog",
        "time-synchronized",
        "time-daemon-not-run-by-root",
        "cron-runs",
        "one-time-daemon-at-boot",
        "time-servers-chosen",
        "security-updates-automatic",
        "no-unit-failed",
        "audit-on-in-kernel",
        "audit-rules-loaded",
        "audit-not-switched-off-by-rule",
        "audit-log-written",
        "audit-log-size-set",
        "audit-log-protected",
        "audit-configuration-protected",
        "audit-tools-protected",
        "ssh-empty-passwords-refused",
        "ssh-root-password-login-disabled",
        "ssh-root-login-disabled",
        "ssh-host-based-authentication-disabled",
        "ssh-rhosts-ignored",
        "ssh-strict-modes-on",
        "ssh-user-environment-refused",
        "ssh-uses-pam",
        "ssh-x11-forwarding-disabled",
        "ssh-gateway-ports-closed",
        "ssh-tunnels-disabled",
        "ssh-idle-connections-ended",
        "ssh-login-grace-time-short",
        "ssh-authentication-tries-limited",
        "ssh-sessions-limited",
        "ssh-unauthenticated-connections-limited",
        "ssh-logs-logins",
        "ssh-ciphers-strong",
        "ssh-macs-strong",
        "ssh-key-exchange-strong",
        "ssh-signatures-strong",
        "ssh-host-keys-private",
        "ssh-public-host-keys-protected",
        "ssh-host-keys-strong",
        "ssh-configuration-protected",
        "ssh-configuration-accepted",
        "reboot-not-pending",
        "newest-kernel-runs",
        "replaced-code-not-running",
        "package-lists-fresh",
        "packages-completely-installed",
        "packages-not-held-back",
        "legacy-clients-not-installed",
        "legacy-servers-not-installed",
        "prelink-not-installed",
        "package-sources-trusted",
        "selinux-enforcing",
        "selinux-enforcing-at-boot",
        "selinux-not-disabled-by-boot-parameter",
        "selinux-policy-complete",
        "selinux-no-permissive-domains",
        "selinux-services-confined",
        "selinux-weakening-booleans-off",
        "os-release-supported",
        "os-support-lasts",
        "mandatory-access-control-active",
        "selinux-not-permissive-at-boot",
        "cpu-mitigations-on",
        "kernel-self-protection-on",
        "auditing-not-switched-off-at-boot",
        "machine-id-set",
        "account-files-written-by-root-only",
        "password-hashes-read-by-root-only",
        "scheduled-jobs-written-by-root-only",
        "programs-written-by-root-only",
        "startup-settings-written-by-root-only",
        "boot-menu-private",
        "login-banners-written-by-root-only",
        "temporary-directories-sticky",
        "temporary-directories-without-devices-and-set-uid",
        "set-id-files-of-packages",
        "file-capabilities-not-root-equivalent",
        "no-world-writable-files",
        "world-writable-directories-sticky",
        "no-unowned-files",
        "exposed-services-not-run-by-root",
        "raw-sockets-known",
        "ssh-reached-from-named-sources-only",
        "password-maximum-age-set",
        "password-maximum-age-applied",
        "password-minimum-age-set",
        "password-warning-set",
        "expired-passwords-lock-accounts",
        "new-passwords-differ-from-old",
        "passwords-without-runs",
        "password-quality-checked-for-root",
        "old-passwords-not-reused",
        "old-passwords-not-reused-by-root",
        "root-locks-after-failures",
        "pam-unix-in-every-stack",
        "pam-unix-remembers-no-passwords",
        "core-dumps-limited",
        "sudo-logs-to-file",
        "sudo-installed",
        "image-filesystems-unavailable",
        "dma-buses-unavailable",
        "desktop-drivers-unavailable",
        "no-out-of-tree-modules",
        "module-loading-locked",
        "kexec-disabled",
        "line-disciplines-not-autoloaded",
        "io-uring-restricted",
        "bpf-jit-hardened",
        "user-namespaces-restricted",
        "secure-redirects-not-accepted",
        "martians-logged",
        "router-advertisements-not-accepted",
        "hardened-parameters-persisted",
        "daemons-are-confined",
        "automounter-off",
        "directory-server-off",
        "dns-server-off",
        "dhcp-server-off",
        "mail-access-server-off",
        "web-server-off",
        "web-proxy-off",
        "runtime-detection-runs",
        "falco-sees-system-calls",
        "falco-has-rules",
        "falco-alerts-leave-it",
        "ssh-guessing-blocked",
        "ldap-clients-not-installed",
        "selinux-helpers-not-installed",
        "file-integrity-checked",
        "ctrl-alt-del-masked",
        "audit-trail-kept",
        "audit-has-rules",
        "audit-rules-persisted",
        "audit-rules-file-current",
        "audit-rules-immutable",
        "audit-loss-noticed",
        "audit-queue-long-enough",
        "audit-logs-not-deleted",
        "audit-stops-on-full-disk",
        "audit-warns-of-low-space",
        "audit-records-account-changes",
        "audit-records-sudo-changes",
        "audit-records-actions-as-another-user",
        "audit-records-clock-changes",
        "audit-records-network-identity",
        "audit-records-privileged-programs",
        "audit-records-refused-access",
        "audit-records-permission-changes",
        "audit-records-permission-programs",
        "audit-records-mounts",
        "audit-records-session-files",
        "audit-records-login-files",
        "audit-records-deletions",
        "audit-records-confinement-changes",
        "audit-records-module-loading",
        "audit-records-its-own-changes",
        "audit-records-container-runtime-changes",
        "audit-records-node-changes",
        "audit-records-sudo-log-changes",
        "ssh-password-authentication-disabled",
        "ssh-tcp-forwarding-disabled",
        "ssh-agent-forwarding-disabled",
        "ssh-banner-set",
        "ssh-access-limited-to-named-accounts",
        "ssh-gssapi-authentication-disabled",
        "ssh-key-exchange-post-quantum",
        "removed-packages-purged",
        "auditing-enabled-at-boot",
        "audit-backlog-sufficient",
        "kernel-locked-down",
        "boot-loader-password-set",
        "secure-boot-enabled",
        "scheduled-jobs-private",
        "temporary-directories-separate",
        "logs-and-homes-separate",
        "temporary-directories-noexec",
        "data-file-systems-without-devices-and-set-uid",
        "log-file-systems-noexec",
        "scheduled-jobs-limited-to-named-users"
      ],
      "parameters": {
        "home-directories-private": {
          "maxMode": "0700"
        },
        "sudo-asks-again-in-time": {
          "maximum": 5
        },
        "perf-events-restricted": {
          "minimum": 3
        },
        "files-in-shared-directories-protected": {
          "minimum": 2
        },
        "magic-sysrq-restricted": {
          "forbidden": 331
        },
        "ssh-macs-strong": {
          "weak": [
            "hmac-md5",
            "hmac-md5-96",
            "hmac-md5-etm@openssh.com",
            "hmac-md5-96-etm@openssh.com",
            "hmac-ripemd160",
            "hmac-ripemd160@openssh.com",
            "hmac-ripemd160-etm@openssh.com",
            "hmac-sha1",
            "hmac-sha1-96",
            "hmac-sha1-etm@openssh.com",
            "hmac-sha1-96-etm@openssh.com",
            "umac-64@openssh.com",
            "umac-64-etm@openssh.com"
          ]
        },
        "ssh-host-keys-strong": {
          "rsaBits": 3072
        },
        "ssh-configuration-protected": {
          "maxMode": "0600"
        },
        "ssh-unauthenticated-connections-limited": {
          "full": 60
        }
      }
    }
  ],
  "digest": "sha256:b21605d2e563f41db5a2204842bbfc56132f8056b3ad160e467c1ca0b19468c6"
}
