import { useT, wording } from '../i18n';
import { roleNames } from './words';

/** One role or more. `most`: only these can be had. */
export function RoleChoice({ roles, most = roleNames, hint, onChange }: { roles: readonly string[]; most?: readonly string[]; hint?: string | undefined; onChange: (roles: string[]) => void }) {
  const t = useT();
  return (
    <fieldset className="role-choice">
      <legend>{t.access.roles}</legend>
      {roleNames.map((name) => (
        <label key={name} className="check">
          <input type="checkbox" checked={roles.includes(name)} disabled={!most.includes(name)} onChange={(e) => onChange(roleNames.filter((r) => (r === name ? e.currentTarget.checked : roles.includes(r))))} />
          <span>{wording(t.access.role, name)}<small>{t.accounts.roleHint[name]}</small></span>
        </label>
      ))}
      {hint && <p className="quiet">{hint}</p>}
    </fieldset>
  );
}
