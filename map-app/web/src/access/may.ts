import { createContext, useContext } from 'react';
import type { Permission } from './session';

export const MayContext = createContext<ReadonlySet<Permission>>(new Set());

/** Whether the role may: what it may not is not offered. */
export const useMay = (permission: Permission) => useContext(MayContext).has(permission);
