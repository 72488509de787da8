/**
 * Rows as CSV: comma, CRLF, UTF-8. Source: RFC 4180. A cell that a spreadsheet would take for a formula is led by an
 * apostrophe, so that no name of an organization is ever executed.
 */
export function formatCsv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map((cell) => formatCell(String(cell))).join(",")}\r\n`).join("");
}

function formatCell(cell: string): string {
  // Spreadsheets look past leading spaces, and take the full-width forms for the plain ones.
  const isFormula = /^\s*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/u.test(cell);
  const harmless = isFormula ? `'${cell}` : cell;
  return /[",\r\n]/.test(harmless) || isFormula ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
