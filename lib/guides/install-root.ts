import type { PublicRootFile } from "#lib/providers/public-root-files.ts";
import {
  type Command,
  cmd,
  type PlatformGuide,
  type PlatformStep,
  powershell,
  sh,
} from "./platform-guide.ts";

/**
 * How public roots get into the operating system's trust store, for each system, with the command that checks the
 * result (D4). Each guide first asks whether the roots are there already.
 * @param roots       as their authorities publish them
 * @param windowsFile the one file in which psql on Windows is given them all, as it cannot read the store (D9)
 */
export function installRoot(roots: readonly PublicRootFile[], windowsFile: string): readonly PlatformGuide[] {
  const files = roots.map((root) => root.file).join(" ");
  const listed = sh(...roots.map((root) => `trust list | grep --fixed-strings '${root.name}'`));
  const labels = roots.map((root) => `label: ${root.name}`);
  const debianBundle = sh(
    ...roots.map((root) => `openssl verify -CAfile /etc/ssl/certs/ca-certificates.crt ${root.file}`),
  );
  const verified = roots.map((root) => `${root.file}: OK`);
  const fetched = fetchWithCurl(roots);
  const asCrt = (folder: string) =>
    roots.map((root) => `sudo cp ${root.file} ${folder}${root.file.replace(/\.pem$/, ".crt")}`);

  return [
    {
      platform: "redhat",
      steps: [
        { id: "there-already", commands: [listed], expect: labels },
        fetched,
        {
          id: "install",
          commands: [sh(`sudo cp ${files} /etc/pki/ca-trust/source/anchors/`, "sudo update-ca-trust")],
        },
        { id: "check", commands: [listed], expect: labels },
      ],
    },
    {
      platform: "debian",
      steps: [
        fetched,
        { id: "there-already", commands: [debianBundle], expect: verified },
        {
          id: "install-crt",
          commands: [sh(...asCrt("/usr/local/share/ca-certificates/"), "sudo update-ca-certificates")],
        },
        { id: "check", commands: [debianBundle], expect: verified },
      ],
    },
    {
      platform: "suse",
      steps: [
        { id: "there-already", commands: [listed], expect: labels },
        fetched,
        {
          id: "install",
          commands: [sh(`sudo cp ${files} /etc/pki/trust/anchors/`, "sudo update-ca-certificates")],
        },
        { id: "check", commands: [listed], expect: labels },
      ],
    },
    {
      platform: "alpine",
      steps: [
        { id: "alpine-packages", commands: [sh("sudo apk add ca-certificates curl openssl")] },
        fetched,
        { id: "there-already", commands: [debianBundle], expect: verified },
        {
          id: "install-crt",
          commands: [sh(...asCrt("/usr/local/share/ca-certificates/"), "sudo update-ca-certificates")],
        },
        { id: "check", commands: [debianBundle], expect: verified },
      ],
    },
    {
      platform: "arch",
      steps: [
        { id: "there-already", commands: [listed], expect: labels },
        fetched,
        { id: "install", commands: [sh(...roots.map((root) => `sudo trust anchor --store ${root.file}`))] },
        { id: "check", commands: [listed], expect: labels },
      ],
    },
    macos(roots, fetched),
    windows(roots, windowsFile),
  ];
}

/** The download, and the fingerprint that must come out before anything is installed. */
function fetchWithCurl(roots: readonly PublicRootFile[]): PlatformStep {
  const lines = roots.flatMap((root) =>
    root.form === "pem"
      ? [`curl --fail --location --output ${root.file} '${root.address}'`]
      : [
          `curl --fail --location --output ${derName(root)} '${root.address}'`,
          `openssl x509 -inform der -in ${derName(root)} -out ${root.file}`,
        ],
  );
  const prints = roots.map((root) => `openssl x509 -in ${root.file} -noout -fingerprint -sha256`);
  return {
    id: "fetch",
    commands: [sh(...lines), sh(...prints)],
    expect: roots.map((root) => `sha256 Fingerprint=${root.sha256}`),
  };
}

function derName(root: PublicRootFile): string {
  return root.file.replace(/\.pem$/, ".der");
}

function macos(roots: readonly PublicRootFile[], fetched: PlatformStep): PlatformGuide {
  const find = (keychain: string): Command =>
    sh(...roots.map((root) => `security find-certificate -a -c '${root.name}' -Z ${keychain}`));
  const hashes = roots.map((root) => `SHA-256 hash: ${root.sha256.replaceAll(":", "")}`);
  return {
    platform: "macos",
    steps: [
      {
        id: "there-already",
        commands: [find("/System/Library/Keychains/SystemRootCertificates.keychain")],
        expect: hashes,
      },
      fetched,
      {
        id: "install",
        commands: [
          sh(
            ...roots.map(
              (root) =>
                `sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ${root.file}`,
            ),
          ),
        ],
      },
      { id: "check", commands: [find("/Library/Keychains/System.keychain")], expect: hashes },
      { id: "macos-psql", commands: [] },
    ],
  };
}

/** Import-Certificate takes either form; psql wants PEM, and certutil turns the one into the other. */
function windows(roots: readonly PublicRootFile[], windowsFile: string): PlatformGuide {
  const name = (root: PublicRootFile) => (root.form === "pem" ? root.file : derName(root));
  const stored = powershell(
    ...roots.map(
      (root) => `Get-ChildItem Cert:\\LocalMachine\\Root | Where-Object Subject -like '*${root.name}*'`,
    ),
  );
  const names = roots.map((root) => `CN=${root.name}`);
  const der = roots.filter((root) => root.form === "der");
  return {
    platform: "windows",
    steps: [
      { id: "there-already", commands: [stored], expect: names },
      {
        id: "fetch",
        commands: [
          powershell(
            ...roots.map((root) => `Invoke-WebRequest -Uri '${root.address}' -OutFile ${name(root)}`),
            ...der.map((root) => `certutil -encode ${name(root)} ${root.file}`),
          ),
          powershell(
            ...roots.map(
              (root) =>
                `[BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash([Security.Cryptography.X509Certificates.X509Certificate2]::new("$PWD\\${root.file}").RawData))`,
            ),
          ),
        ],
        expect: roots.map((root) => root.sha256.replaceAll(":", "-")),
      },
      {
        id: "install-windows",
        commands: [
          powershell(
            ...roots.map(
              (root) =>
                `Import-Certificate -FilePath ${name(root)} -CertStoreLocation Cert:\\LocalMachine\\Root`,
            ),
          ),
          cmd(...roots.map((root) => `certutil -addstore -f Root ${name(root)}`)),
        ],
      },
      {
        id: "check",
        commands: [stored, cmd(...roots.map((root) => `certutil -store Root "${root.name}"`))],
        expect: names,
      },
      {
        id: "windows-psql",
        values: { file: `%APPDATA%\\postgresql\\${windowsFile}` },
        commands: [
          powershell(
            'New-Item -ItemType Directory -Force "$env:APPDATA\\postgresql"',
            `Get-Content ${roots.map((root) => root.file).join(", ")} | Set-Content -Encoding ascii "$env:APPDATA\\postgresql\\${windowsFile}"`,
          ),
        ],
      },
    ],
  };
}
