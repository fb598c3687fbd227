/** The words for codecs that several sources know. */

export const H264 = 'H.264';
export const HEVC = 'HEVC (H.265)';
export const VP8 = 'VP8';
export const VP9 = 'VP9';
export const AV1 = 'AV1';

/** Codecs that the first FFmpeg module leaves to browsers. */
export const LEFT_TO_BROWSERS: readonly string[] = [H264, HEVC, VP8, VP9, AV1];
