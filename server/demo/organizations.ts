import type { OrganizationRole } from "#lib/domain/actor.ts";
import type { OrganizationClass } from "#lib/domain/policy.ts";

/** A person of the demo world who can sign in with one click. */
export type DemoPerson = { readonly name: string; readonly roles: readonly OrganizationRole[]; readonly title: string };

/** An organization of the demo world. All are fictional; their domains end in `.example` (RFC 2606) and belong to nobody. */
export type DemoOrganization = {
  readonly key: string;
  readonly legalName: string;
  readonly displayName: string;
  readonly country: string;
  readonly class: OrganizationClass;
  readonly sector: string;
  readonly people?: readonly DemoPerson[];
};

/** The eight with people who can sign in come first; the first convenes most charters. */
export const demoOrganizations: readonly DemoOrganization[] = [
  {
    ...organization("northlight", "Northlight GmbH", "Northlight", "DE", "company", "Software"),
    people: [
      { name: "Ada Brandt", roles: ["admin", "representative", "drafter"], title: "Head of Public Policy" },
      { name: "Jonas Keller", roles: ["drafter"], title: "Policy Counsel" },
      { name: "Mirela Costa", roles: ["signing-officer"], title: "General Counsel" },
    ],
  },
  {
    ...organization("meridian", "Meridian Cloud Ltd", "Meridian Cloud", "GB", "company", "Cloud services"),
    people: [
      { name: "Priya Raman", roles: ["admin", "representative", "drafter"], title: "Director of Trust" },
      { name: "Owen Hale", roles: ["signing-officer", "drafter"], title: "Chief Legal Officer" },
    ],
  },
  {
    ...organization("harbor", "Harbor Bank N.V.", "Harbor Bank", "NL", "company", "Banking"),
    people: [
      { name: "Saskia de Wit", roles: ["admin", "representative"], title: "Head of Regulatory Affairs" },
      { name: "Thijs Vermeer", roles: ["signing-officer"], title: "Member of the Management Board" },
    ],
  },
  {
    ...organization(
      "openrights",
      "Fundación Derechos Abiertos",
      "Derechos Abiertos",
      "CL",
      "civil-society",
      "Digital rights",
    ),
    people: [
      {
        name: "Camila Fuentes",
        roles: ["admin", "representative", "drafter", "signing-officer"],
        title: "Executive Director",
      },
    ],
  },
  {
    ...organization("sakura", "Sakura Semiconductor K.K.", "Sakura Semiconductor", "JP", "company", "Semiconductors"),
    people: [
      { name: "Haruka Mori", roles: ["admin", "drafter", "representative"], title: "Manager, External Relations" },
      { name: "Kenji Arai", roles: ["signing-officer"], title: "Representative Director" },
    ],
  },
  {
    ...organization(
      "lakeside",
      "Lakeside University",
      "Lakeside University",
      "CA",
      "academia",
      "Research and teaching",
    ),
    people: [
      {
        name: "Nadia Okafor",
        roles: ["admin", "representative", "drafter", "signing-officer"],
        title: "Vice-President, Research",
      },
    ],
  },
  {
    ...organization("valdora", "Ministry of Digital Affairs of Valdora", "Valdora", "LU", "state", "Government"),
    people: [
      { name: "Émile Thorne", roles: ["admin", "representative"], title: "Head of Cyber Diplomacy" },
      { name: "Irène Vasseur", roles: ["signing-officer"], title: "Minister of Digital Affairs" },
    ],
  },
  {
    ...organization("savanna", "Savanna Mobile PLC", "Savanna Mobile", "KE", "company", "Telecommunications"),
    people: [
      {
        name: "Wanjiru Kamau",
        roles: ["admin", "representative", "drafter", "signing-officer"],
        title: "Group Company Secretary",
      },
    ],
  },
  organization("aurora", "Aurora Energi AS", "Aurora Energi", "NO", "company", "Energy"),
  organization("bluefjord", "Blue Fjord Shipping A/S", "Blue Fjord Shipping", "DK", "company", "Logistics"),
  organization("cedar", "Cedar Health Network Inc.", "Cedar Health", "US", "company", "Health care"),
  organization(
    "copperline",
    "Copperline Networks Pty Ltd",
    "Copperline Networks",
    "AU",
    "company",
    "Telecommunications",
  ),
  organization("delta", "Delta Robotics S.p.A.", "Delta Robotics", "IT", "company", "Manufacturing"),
  organization("ember", "Ember Studios Oy", "Ember Studios", "FI", "company", "Media"),
  organization("fairwind", "Fairwind Insurance AG", "Fairwind Insurance", "CH", "company", "Insurance"),
  organization("garnet", "Garnet Payments Private Limited", "Garnet Payments", "IN", "company", "Payments"),
  organization("halcyon", "Halcyon Security SAS", "Halcyon Security", "FR", "company", "Cybersecurity"),
  organization("ironbark", "Ironbark Mining Ltd", "Ironbark Mining", "AU", "company", "Mining"),
  organization("juniper-press", "Juniper Press Cooperative", "Juniper Press", "IE", "company", "Media"),
  organization("kestrel", "Kestrel Aerospace Inc.", "Kestrel Aerospace", "CA", "company", "Aerospace"),
  organization("lumen-sp", "Lúmen Serviços Digitais S.A.", "Lúmen", "BR", "company", "Software"),
  organization("marigold", "Marigold Foods B.V.", "Marigold Foods", "NL", "company", "Food"),
  organization("nimbus", "Nimbus Data Centers Pte. Ltd.", "Nimbus", "SG", "company", "Cloud services"),
  organization("orchid", "Orchid Retail Co., Ltd.", "Orchid Retail", "TH", "company", "Retail"),
  organization("polaris", "Polaris Automotive AB", "Polaris Automotive", "SE", "company", "Automotive"),
  organization("quarry", "Quarry Analytics LLC", "Quarry Analytics", "US", "company", "Software"),
  organization("redwood", "Redwood Identity, Inc.", "Redwood Identity", "US", "company", "Cybersecurity"),
  organization("solstice", "Solstice Renewables S.L.", "Solstice", "ES", "company", "Energy"),
  organization("tidewater", "Tidewater Ports Authority", "Tidewater Ports", "MT", "company", "Logistics"),
  organization("umbra", "Umbra Cryptography Institute", "Umbra Institute", "AT", "academia", "Research and teaching"),
  organization("vista", "Vista Pharma d.o.o.", "Vista Pharma", "SI", "company", "Pharmaceuticals"),
  organization("windrose", "Windrose Airlines S.A.", "Windrose Airlines", "PT", "company", "Aviation"),
  organization("yarrow", "Yarrow Trust", "Yarrow Trust", "ZA", "civil-society", "Consumer protection"),
  organization("zephyr", "Zephyr Telecom Sp. z o.o.", "Zephyr Telecom", "PL", "company", "Telecommunications"),
  organization("civicnet", "Civic Net Watch e.V.", "Civic Net Watch", "DE", "civil-society", "Digital rights"),
  organization(
    "pacific-forum",
    "Pacific Islands Connectivity Forum",
    "Pacific Connectivity Forum",
    "FJ",
    "international",
    "Development",
  ),
  organization(
    "atlas-univ",
    "Université de l’Atlas",
    "Université de l’Atlas",
    "MA",
    "academia",
    "Research and teaching",
  ),
  organization("baltic-tech", "Baltic Technology Association", "Baltic Technology", "EE", "coalition", "Software"),
  organization("andes-coop", "Cooperativa Andina de Crédito", "Cooperativa Andina", "PE", "company", "Banking"),
  organization("osei", "Osei & Daughters Ltd", "Osei & Daughters", "GH", "company", "Manufacturing"),
];

/** The domain of a demo organization. */
export function demoDomain(key: string): string {
  return `${key}.example`;
}

/** The address of a demo person: first name at the domain of the organization. */
export function demoMail(person: DemoPerson, key: string): string {
  const first = person.name.split(" ")[0] ?? "person";
  const ascii = first.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return `${ascii}@${demoDomain(key)}`;
}

function organization(
  key: string,
  legalName: string,
  displayName: string,
  country: string,
  kind: OrganizationClass,
  sector: string,
): DemoOrganization {
  return { key, legalName, displayName, country, class: kind, sector };
}
