import { version } from '../../package.json';

/** The version of Actionscope that results name. */
export const ACTIONSCOPE_VERSION = version;
