/** Who is calling. `subject` becomes the `actor` of the events it causes. */
export interface Principal {
  /** `key:NAME`, `local` (standalone on loopback), `system:PROCESS`. */
  subject: string;
  /** Permissions as configured, wildcards included. */
  permissions: readonly string[];
}

/** `*` holds everything, `capture:*` a context, `*:read` an action everywhere. */
export const holds = (principal: Principal, permission: string): boolean => {
  const [context = '', action = ''] = permission.split(':');
  return principal.permissions.some((held) => {
    if (held === '*') return true;
    const [heldContext, heldAction] = held.split(':');
    return (heldContext === '*' || heldContext === context) && (heldAction === '*' || heldAction === action);
  });
};
