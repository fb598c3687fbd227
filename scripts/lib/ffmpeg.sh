# shellcheck shell=bash
# shellcheck disable=SC2154 # root is set by common.sh, which whoever sources this has sourced before
# Builds the part of FFmpeg that src/media reads files with, from the source package of the distribution. Sourced by scripts/setup.
# LGPL 2.1 or later: nothing of the GPL is configured in. No assembly, so that every flavour decodes the same bits.
# What it leaves in $ACTIONSCOPE_CACHE/ffmpeg: a folder a flavour with include/, lib/ and source.txt (version, hash and
# configuration, for the notices).

ffmpeg_series=5.1

ffmpeg_demuxers=avi,mpegps,mpegvideo,m4v,mpegts,asf,flv,mov,matroska,dv,mjpeg,h264,hevc,ogg
ffmpeg_decoders=mpeg1video,mpeg2video,mpeg4,msmpeg4v1,msmpeg4v2,msmpeg4v3,h261,h263,h263i,h263p,mjpeg,mjpegb,wmv1,wmv2,wmv3,vc1,flv
ffmpeg_decoders+=,vp3,theora,vp6,vp6a,vp6f,svq1,svq3,qtrle,rpza,smc,msvideo1,msrle,cinepak,indeo2,indeo3,indeo4,indeo5,dvvideo
ffmpeg_decoders+=,huffyuv,ffvhuff,ffv1,rawvideo,prores,hevc
ffmpeg_parsers=mpeg4video,mpegvideo,h261,h263,h264,hevc,vc1,mjpeg,vp3,vp8,vp9,av1,mpegaudio,ac3,aac

ffmpeg_configuration=(
  --disable-everything --disable-autodetect --disable-programs --disable-doc --disable-debug --disable-stripping
  --disable-network --disable-pthreads --disable-asm --disable-runtime-cpudetect
  --disable-avdevice --disable-avfilter --disable-swresample --disable-postproc --enable-swscale
  "--enable-demuxer=$ffmpeg_demuxers" "--enable-decoder=$ffmpeg_decoders" "--enable-parser=$ffmpeg_parsers"
)

# ffmpeg_source DIR: fetches and unpacks the source, with the distribution's patches, into DIR/source; writes DIR/source.txt.
ffmpeg_source() {
  local work=$1 original patches name
  apt_archives | make_lists "$work/lists"
  (cd "$work" && listed_apt "$work/lists" source --download-only ffmpeg) ||
    fail "could not download FFmpeg's source package with apt-get."
  original=$(cd "$work" && echo ffmpeg_*.orig.tar.xz)
  [[ $original == ffmpeg_"$ffmpeg_series".* ]] ||
    fail "this distribution has FFmpeg's source as $original; series $ffmpeg_series is needed (Debian 12)."
  mkdir "$work/source" "$work/packaging"
  tar -xf "$work/$original" -C "$work/source" --strip-components=1
  patches=$(echo "$work"/ffmpeg_*.debian.tar.xz)
  tar -xf "$patches" -C "$work/packaging"
  while read -r name; do
    [[ -z $name || $name == \#* ]] || patch -d "$work/source" -p1 --quiet <"$work/packaging/debian/patches/$name"
  done <"$work/packaging/debian/patches/series"
  {
    printf 'FFmpeg, Debian source package %s\n' "$(basename "$patches" .debian.tar.xz | tr _ ' ')"
    for name in "$original" "$(basename "$patches")"; do
      printf 'SHA-256 %s  %s\n' "$(sha256sum <"$work/$name" | cut -d' ' -f1)" "$name"
    done
    printf 'configured with: %s\n' "${ffmpeg_configuration[*]}"
  } >"$work/source.txt"
}

# One build per flavour: wasm for the page, native for tests, sanitizer (with libFuzzer's coverage) for tests and fuzzing.
ffmpeg_flavour() {
  case $1 in
    wasm)
      use_emscripten
      printf '%s\n' --cc=emcc --cxx=em++ --ar=emar --ranlib=emranlib --nm=llvm-nm-19 --objcc=emcc --dep-cc=emcc \
        --enable-cross-compile --target-os=none --arch=x86_32 --optflags=-O3 --extra-cflags=-msimd128
      ;;
    native) printf '%s\n' --cc=gcc --optflags=-O2 ;;
    sanitizer)
      printf '%s\n' --cc=clang-19 --optflags=-O1 \
        '--extra-cflags=-fsanitize=address,fuzzer-no-link -fno-omit-frame-pointer' --extra-ldflags=-fsanitize=address
      ;;
  esac
}

# ffmpeg_registry BUILD TARGET NAME REGISTRY SOURCE GREP_ARGUMENT...: one of FFmpeg's registries cut down to the lines that grep lets
# through, compiled to TARGET/lib/NAME.o. Linked before the libraries it stands in for theirs, and what it does not name stays out.
ffmpeg_registry() {
  local build=$1 target=$2 name=$3 registry=$4 source=$5
  shift 5
  mkdir -p "$build/$name/$(dirname "$registry")"
  grep "$@" "$build/$registry" >"$build/$name/$registry"
  emcc -O3 -msimd128 -DHAVE_AV_CONFIG_H -w -I"$build/$name" -I"$build" -I"$build/../source" \
    -c "$build/../source/$source" -o "$target/lib/$name.o" || fail "could not compile FFmpeg's $name."
}

# The module for HEVC, loaded only by who needs it, holds nothing but that decoder and the containers that HEVC comes in.
ffmpeg_registries() {
  local codecs=(libavcodec/codec_list.c libavcodec/allcodecs.c) demuxers=(libavformat/demuxer_list.c libavformat/allformats.c)
  ffmpeg_registry "$1" "$2" decoders_but_hevc "${codecs[@]}" -v ff_hevc_decoder
  ffmpeg_registry "$1" "$2" decoder_hevc "${codecs[@]}" -E '^static|NULL|ff_hevc_decoder'
  ffmpeg_registry "$1" "$2" demuxers_hevc "${demuxers[@]}" -E '^static|NULL|ff_(mov|matroska|mpegts|avi|flv|hevc)_demuxer'
}

build_ffmpeg() {
  local home="$ACTIONSCOPE_CACHE/ffmpeg" flavour recipe work missing=()
  recipe=$(sha256sum <"$root/scripts/lib/ffmpeg.sh")
  for flavour in "$@"; do
    stamp_matches "$home/$flavour/stamp" "$recipe" || missing+=("$flavour")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  require_debian
  have make && have patch && have xz || apt_install make patch xz-utils
  work=$(mktemp -d)
  ffmpeg_source "$work"
  for flavour in "${missing[@]}"; do
    say "Building FFmpeg's libraries ($flavour)"
    local build="$work/$flavour" target="$home/$flavour" options
    rm -rf "$target"
    mkdir "$build"
    mapfile -t options < <(ffmpeg_flavour "$flavour")
    (cd "$build" && { [ "$flavour" != wasm ] || use_emscripten; } &&
      "$work/source/configure" --prefix="$target" "${ffmpeg_configuration[@]}" "${options[@]}" &&
      make -j"$(nproc)" && make install-libs install-headers) >"$build.log" 2>&1 ||
      fail "FFmpeg ($flavour) did not build; the end of its log: $(tail -n 20 "$build.log")"
    [ "$flavour" != wasm ] || { use_emscripten && ffmpeg_registries "$build" "$target"; }
    cp "$work/source.txt" "$target/"
    printf '%s' "$recipe" >"$target/stamp"
  done
  rm -rf "$work"
}
