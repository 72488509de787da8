/** The charters of the demo world, as Markdown that the product's own import reads. All of it is fictional. */

/** Version 1 of the charter that is in effect. */
export const disclosureAccord = `# Accord on Responsible Vulnerability Disclosure

We, organizations that build, run and study digital systems, know that every one of them has faults. We would rather hear of a fault
from the person who found it than from the person who used it.

## Definitions

- Fault: a property of a product or service that lets somebody do what its maker did not mean to allow.
- Finder: a person or organization that discovers a fault and tells the maker of it.

## Listening

1. We keep a public address for reports of faults, and we answer each report within five working days.
2. We do not ask a finder to sign anything before we listen.
3. We do not threaten or sue a finder who acts in good faith, keeps to what is needed to show the fault, and leaves others' data alone.

## Mending

1. We mend a fault that puts people at risk before we add what is merely new.
2. We publish what was wrong, what is affected and what to do, in plain words and without charge.
3. We agree on a day of publication with the finder; without agreement, it is ninety days after the report.

## Sharing

1. We tell other makers who are affected by the same fault, before we publish.
2. We name the finder, unless the finder asks us not to.

## Final provisions

1. An organization joins by signing through an officer entitled to act for it.
2. An organization may withdraw with thirty days of notice. The list keeps both dates.
3. The depositary keeps the text, the signatures and the notices, and publishes them as they come.
`;

/** The charter that is being drafted. */
export const modelCharter = `# Charter on Trustworthy Automated Decisions

Decisions that used to be made by people are now often prepared, and sometimes made, by machines. Those who are affected should be able
to know it, to understand it, and to have it looked at again by a person.

## Definitions

- Automated decision: a decision about a person that is made, or in substance prepared, without a person weighing the case.
- Operator: an organization that puts a system for automated decisions to use.

## Knowing

1. We tell people when a decision about them is automated, before it is made where that is possible.
2. We publish a list of the systems that we use for automated decisions, and what each is for.

## Understanding

1. We give the main reasons of a decision in words that the person concerned can follow.
2. We keep a record of what a system was given and what it answered for at least two years.

## Recourse

1. Whoever is affected may ask for a person to look at the case again.
2. The person who looks again has the knowledge, the time and the power to change the decision.
3. We answer within fifteen working days.

## Final provisions

1. Each signatory reports once a year on what it has done.
2. An organization may withdraw with sixty days of notice.
`;

/** The charter that opens at an instant to come. */
export const cableCompact = `# Compact on the Resilience of Undersea Cables

The traffic of whole countries passes through a few cables that nobody sees. We who lay them, use them and depend on them will treat
them as something held in common.

## Commitments

1. We report damage to a cable to all who depend on it within four hours of knowing of it.
2. We lend repair ships to one another, in the order of need and at cost.
3. We do not build routes that make a neighbour depend on one landing only, where another way exists.
4. We keep spare cable and trained crews so that a break can be mended within fourteen days.

## Cooperation

1. We meet twice a year to compare what has happened and what we have learned.
2. We publish together, each year, how often cables broke, why, and how long repair took.

## Final provisions

1. The compact takes effect with its first signature.
2. An organization may withdraw with ninety days of notice.
`;

/** The charter that was closed without adoption. */
export const attributionStatement = `# Statement on the Public Attribution of Incidents

After an incident, naming who is responsible can deter, and can also harm when it is wrong. We looked for a common standard.

## Standard of evidence

1. We attribute in public only when at least two organizations have come to the same finding on their own.
2. We publish the grounds of a finding with it, leaving out only what would endanger people.

## Correction

1. Where a finding turns out to be wrong, we say so in the same place and with the same prominence.
`;
