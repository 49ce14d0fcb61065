"use client";

import { useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { WideBox } from "#components/ui/wide-box.tsx";
import type { CitusNode, CitusReport } from "#lib/citus/citus-report.ts";
import { CitusPartTrouble } from "./citus-trouble.tsx";
import { useByteSize } from "./use-byte-size.ts";

/** The nodes of a cluster, a row each. */
export function CitusNodes({ nodes }: { readonly nodes: CitusReport["nodes"] }) {
  const t = useTranslations("citus.nodes");
  if (!nodes.ok) return <CitusPartTrouble title={t("unread")} trouble={nodes.trouble} />;
  if (nodes.value.length === 0) return <p className="text-[0.8125rem] text-muted">{t("none")}</p>;
  return (
    <WideBox label={t("title", { count: nodes.value.length })}>
      <table className="w-full min-w-[36rem] text-left text-[0.8125rem]">
        <caption className="pb-1 text-left font-semibold">
          {t("title", { count: nodes.value.length })}
        </caption>
        <thead className="text-muted text-xs">
          <tr className="border-line border-b [&>th]:py-1 [&>th]:pr-4 [&>th]:font-medium">
            <th scope="col">{t("name")}</th>
            <th scope="col">{t("part")}</th>
            <th scope="col">{t("state")}</th>
            <th scope="col">{t("holds")}</th>
            <th scope="col" className="text-right">
              {t("shards")}
            </th>
            <th scope="col" className="text-right">
              {t("size")}
            </th>
          </tr>
        </thead>
        <tbody>
          {nodes.value.map((node) => (
            <Node key={`${node.name}:${node.port}`} node={node} />
          ))}
        </tbody>
      </table>
      <p className="mt-1 text-muted text-xs">{t("addresses")}</p>
    </WideBox>
  );
}

function Node({ node }: { readonly node: CitusNode }) {
  const t = useTranslations("citus.nodes");
  const size = useByteSize();
  const told = (value: boolean | null, yes: string, no: string) =>
    value === null ? t("notTold") : value ? yes : no;
  return (
    <tr className="border-line border-b last:border-b-0 [&>td]:py-1.5 [&>td]:pr-4 [&>th]:py-1.5 [&>th]:pr-4">
      <th scope="row" className="font-normal [overflow-wrap:anywhere]">
        <span className="font-mono text-xs">
          <CellText text={`${node.name}:${node.port}`} />
        </span>{" "}
        {node.here && (
          <Badge tone="accent" className="ml-1">
            {t("here")}
          </Badge>
        )}
      </th>
      <td className="whitespace-nowrap">
        {t(node.group === 0 ? "coordinator" : "worker")}
        {node.role !== null && node.role !== "primary" && (
          <span className="text-muted">
            {" · "}
            <CellText text={node.role} />
          </span>
        )}
      </td>
      <td className="whitespace-nowrap">
        {node.active === false ? (
          <Badge tone="danger">{t("inactive")}</Badge>
        ) : (
          told(node.active, t("active"), t("inactive"))
        )}{" "}
        {node.metadataSynced === false && node.group !== 0 && (
          <Badge tone="warn" className="ml-2">
            {t("notSynced")}
          </Badge>
        )}
      </td>
      <td className="whitespace-nowrap text-muted">{told(node.hasShards, t("yes"), t("no"))}</td>
      <td className="text-right tabular-nums">{node.shards}</td>
      <td className="whitespace-nowrap text-right tabular-nums">{size(node.size) ?? t("notTold")}</td>
    </tr>
  );
}
