"use client";

import { useTranslations } from "next-intl";
import { type KeyboardEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";
import { MaterialBox } from "#components/ui/material-box.tsx";
import { mostGivenBytes, mostGivenFiles } from "#lib/certificates/sorted-facts.ts";
import type { FormChange } from "#lib/settings/form-values.ts";

interface Props {
  readonly title: string;
  /** Of the heading that says what is wanted. */
  readonly titleId: string;
  readonly first: boolean;
  readonly onApply: (change: FormChange) => void;
}

/** What keeps what was given from being used; a key of `outcome.client`. */
type Trouble =
  | "empty"
  | "needsPassphrase"
  | "wrongPassphrase"
  | "noCertificate"
  | "noKey"
  | "unusable"
  | "noAnswer";

/** One box for a client certificate and its key, as text or files of any kind, and the passphrase: one press uses all. */
export function ClientGiving({ title, titleId, first, onApply }: Props) {
  const t = useTranslations("outcome.client");
  const words = useTranslations("outcome");
  const result = useTranslations("form.result");
  const [text, setText] = useState("");
  const [files, setFiles] = useState<readonly File[]>([]);
  const [passphrase, setPassphrase] = useState("");
  const [trouble, setTrouble] = useState<Trouble>();
  const [reading, setReading] = useState(false);
  const [box, setBox] = useState<HTMLElement | null>(null);
  const [secret, setSecret] = useState<HTMLElement | null>(null);
  const isOfPassphrase = trouble === "needsPassphrase" || trouble === "wrongPassphrase";

  async function press(): Promise<void> {
    setReading(true);
    const read = await readClient(text, files, passphrase).catch(() => "noAnswer" as const);
    setReading(false);
    if (typeof read !== "string") return onApply(read);
    setTrouble(read);
    if (read === "needsPassphrase" || read === "wrongPassphrase") secret?.focus();
    else box?.focus();
  }

  return (
    <>
      <MaterialBox
        label={t("label")}
        hint={files.length > 0 ? t("files", { names: files.map(({ name }) => name).join(", ") }) : t("hint")}
        error={
          trouble === undefined || isOfPassphrase
            ? undefined
            : trouble === "empty"
              ? words("empty")
              : t(trouble)
        }
        value={text}
        inputRef={setBox}
        chooseLabel={t("choose")}
        dropLabel={t("drop")}
        onText={(next) => {
          setText(next);
          setTrouble(undefined);
        }}
        onFiles={(given) => {
          setFiles(given);
          setTrouble(undefined);
        }}
      />
      <TextField
        ref={setSecret}
        type="password"
        autoComplete="off"
        label={t("passphrase")}
        value={passphrase}
        error={isOfPassphrase ? t(trouble) : undefined}
        onChange={({ target }) => {
          setPassphrase(target.value);
          setTrouble(undefined);
        }}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key !== "Enter") return;
          // The form around it would try the connection as it stands.
          event.preventDefault();
          void press();
        }}
      />
      <Button
        size="sm"
        look={first ? "primary" : "secondary"}
        className="mt-auto self-start"
        aria-label={result("apply", { title })}
        aria-describedby={titleId}
        pending={reading}
        onClick={() => void press()}
      >
        {words("apply")}
      </Button>
    </>
  );
}

/** Has the console sort what was given, as the form does, and takes the client's part of it. */
async function readClient(
  text: string,
  files: readonly File[],
  passphrase: string,
): Promise<FormChange | Trouble> {
  if (text.trim() === "" && files.length === 0) return "empty";
  const size = text.length + files.reduce((sum, file) => sum + file.size, 0);
  if (size > mostGivenBytes || files.length >= mostGivenFiles) return "unusable";
  const { askToSort, base64Of, encoded } = await import("../form/ask-to-sort.ts");
  const answer = await askToSort({
    files: [
      ...(text.trim() === "" ? [] : [{ name: "", base64: base64Of(new TextEncoder().encode(text)) }]),
      ...(await Promise.all(files.map(encoded))),
    ],
    ...(passphrase !== "" && { password: passphrase }),
  });
  if (answer === undefined) return "noAnswer";
  if (answer.type === "refused") {
    if (answer.problem.code !== "pkcs12-password-wrong") return "unusable";
    return passphrase === "" ? "needsPassphrase" : "wrongPassphrase";
  }
  const { clientCertificate, clientKey, ca } = answer.boxes;
  if (clientKey === "") return clientCertificate === "" && ca === "" ? "unusable" : "noKey";
  if (clientCertificate === "") return "noCertificate";
  // A PKCS#12 file's own password has opened it; what is in the boxes is open then.
  const { keyIsEncrypted } = await import("#lib/certificates/pem-kind.ts");
  const isEncrypted = keyIsEncrypted(clientKey);
  if (isEncrypted && passphrase === "") return "needsPassphrase";
  return { clientCertificate, clientKey, keyPassphrase: isEncrypted ? passphrase : "" };
}
