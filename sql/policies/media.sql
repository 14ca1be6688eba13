-- SPDX-License-Identifier: ISC
-- media: the table itself it doesn't read; each function asks for the
-- caller's own.  Sweeping is for the command that cron runs as duka_media.
grant execute on function hold_pictures(boolean),
    picture_room(), put_picture(text, integer, integer[]),
    put_profile_picture(text, integer, integer[]), own_picture(uuid),
    remove_profile_picture(), remove_picture(uuid), avatar_of(uuid),
    sweep_pictures(), pictures_unknown(text[]),
    pictures_not_here(text[], boolean), profile_picture_json(uuid)
    to duka_media;
