-- SPDX-License-Identifier: ISC

-- name: media_room
select picture_room();

-- name: media_hold
select hold_pictures(:alone);

-- name: media_put
select body, location
from put_picture(:digest, :height, :widths);

-- name: media_put_profile
select body, gone from put_profile_picture(:digest, :height, :widths);

-- name: media_profile
select profile_picture_json(current_customer()) as body;

-- name: media_remove_profile
select gone from remove_profile_picture();

-- name: media_picture
select body from own_picture(:id) body where body is not null;

-- name: media_remove
select gone from remove_picture(:id);

-- name: media_unknown
select digest from pictures_unknown(:digests);

-- name: media_avatar
select initials, hue from avatar_of(:id);

-- name: media_sweep
select sweep_pictures() as removed;

-- name: media_not_here
select digest from pictures_not_here(:digests, :store);
