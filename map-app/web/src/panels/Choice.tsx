import * as Select from '@radix-ui/react-select';
import { Check, ChevronDown } from 'lucide-react';

interface Props {
  label: string;
  value: string;
  options: [value: string, text: string][];
  onChange: (value: string) => void;
  disabled?: boolean;
}

/** The primitive knows no empty value. */
const empty = '\u0000';

/** One of several, with its name above it. */
export function Choice({ label, value, options, onChange, disabled = false }: Props) {
  return (
    <label className="choice">
      <span className="choice-name">{label}</span>
      <Select.Root value={value || empty} onValueChange={(v) => onChange(v === empty ? '' : v)} disabled={disabled}>
        {/* letters are commands on the screens where this stands, not a search */}
        <Select.Trigger className="choice-trigger" aria-label={label} onKeyDown={(e) => e.key.length === 1 && e.key !== ' ' && e.preventDefault()}>
          <span className="choice-value">
            <Select.Value />
          </span>
          <Select.Icon>
            <ChevronDown aria-hidden size={18} />
          </Select.Icon>
        </Select.Trigger>
        <Select.Portal>
          <Select.Content className="choice-list" position="popper" sideOffset={4}>
            <Select.Viewport>
              {options.map(([option, text]) => (
                <Select.Item key={option} value={option || empty} className="choice-item">
                  <Select.ItemText>{text}</Select.ItemText>
                  <Select.ItemIndicator>
                    <Check aria-hidden size={18} />
                  </Select.ItemIndicator>
                </Select.Item>
              ))}
            </Select.Viewport>
          </Select.Content>
        </Select.Portal>
      </Select.Root>
    </label>
  );
}
