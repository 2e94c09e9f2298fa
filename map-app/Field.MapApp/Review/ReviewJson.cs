using System.Text.Json;
using Field.Geo;
using Field.Geo.Review;
using NetTopologySuite.Geometries;

namespace Field.MapApp.Review;

/// <summary>The JSON forms of a review: a map, and a report.</summary>
internal static class ReviewJson
{
    /// <summary>Kinds: <c>target</c>, <c>footprint</c>, <c>photo</c> (one that shows no ground), <c>gap</c>, <c>retake</c>; without footprints useless photos alone, as <c>photo</c>, and <c>gap</c>s with their place in <c>gaps</c> as <c>index</c>.</summary>
    public static void Map(Utf8JsonWriter w, FlightReview review, bool hasFootprints = true)
    {
        w.WriteStartObject();
        w.WriteString("type", "FeatureCollection");
        w.WriteStartArray("features");
        if (review.Target?.Area is { } area)
        {
            Feature(w, "target", area, null);
        }

        foreach (FlightPhoto photo in review.Photos.Where(p => p.Photo.Camera.Pose is not null && (hasFootprints || p.Codes.Count > 0)))
        {
            Polygon? footprint = hasFootprints ? photo.Photo.Footprint : null;
            Feature(w, footprint is null ? "photo" : "footprint", (Geometry?)footprint ?? Point(photo.Photo.Camera.Pose!.Position), () => Photo(w, photo));
        }

        foreach ((int index, CoverageGap gap) in (review.Coverage?.Gaps ?? []).Index())
        {
            Feature(w, "gap", gap.Shape, () =>
            {
                w.WriteNumber("index", index);
                Gap(w, gap);
            });
        }

        foreach (MissedPhoto missed in review.Coverage?.Missed ?? [])
        {
            Feature(w, "retake", Point(missed.Photo.Position), () => Missed(w, missed));
        }

        w.WriteEndArray();
        w.WriteEndObject();
    }

    /// <summary>The members of the report, into an object that is open.</summary>
    public static void Report(Utf8JsonWriter w, FlightReview review, ReviewText japanese, ReviewText english)
    {
        w.WriteString("verdict", Verdict(review.Verdict));
        w.WriteBoolean("complete", review.Verdict == FlightVerdict.Done);
        w.WriteNumber("waiting", review.Waiting);
        w.WriteString("target", review.Target?.Name);
        w.WriteString("sentenceJa", japanese.Sentence(review));
        w.WriteString("sentenceEn", english.Sentence(review));
        Number(w, "coverageShare", review.Coverage?.Share, 4);
        Number(w, "twiceShare", review.Coverage?.TwiceShare, 4);
        Number(w, "leastOverlap", review.Coverage?.LeastOverlap, 3);
        Array(w, "gaps", review.Coverage?.Gaps ?? [], g =>
        {
            w.WriteString("nameJa", japanese.Gap(g));
            w.WriteString("nameEn", english.Gap(g));
            Gap(w, g);
        });
        Array(w, "retake", review.Coverage?.Missed ?? [], m => Missed(w, m));
        Array(w, "photos", review.Photos, p => Photo(w, p));
        if (review.Timeline is { } t)
        {
            w.WriteStartObject("timeline");
            w.WriteString("first", t.First);
            w.WriteString("last", t.Last);
            Number(w, "photosPerMinute", t.PhotosPerMinute, 2);
            Array(w, "pauses", t.Pauses, p =>
            {
                w.WriteString("from", p.From);
                w.WriteString("to", p.To);
                w.WriteBoolean("batteryChange", p.IsBatteryChange);
            });
            w.WriteEndObject();
        }

        Array(w, "trackFaults", review.Track?.Faults ?? [], f =>
        {
            w.WriteNumber("at", f.At);
            w.WriteString("code", f.Code);
            w.WriteString("ja", TrackFaultText.Of(f.Code, japanese: true));
            w.WriteString("en", TrackFaultText.Of(f.Code, japanese: false));
        });
    }

    private static string Verdict(FlightVerdict verdict) => JsonNamingPolicy.KebabCaseLower.ConvertName(verdict.ToString());

    private static void Photo(Utf8JsonWriter w, FlightPhoto photo)
    {
        CameraEstimate camera = photo.Photo.Camera;
        w.WriteString("name", photo.Photo.Name);
        if (photo.PhotoId is { } id)
        {
            w.WriteString("photoId", id);
            w.WriteBoolean("waiting", photo.IsWaiting);
        }

        if (photo.Photo.TakenAt is { } taken)
        {
            w.WriteString("takenAt", taken);
        }

        Number(w, "sharpness", photo.Sharpness, 3);
        Strings(w, "quality", photo.Codes);
        w.WriteString("placement", camera.Placement.ToString().ToLowerInvariant());
        if (camera.Pose is { } pose)
        {
            Number(w, "lon", pose.Position.Lon, 8);
            Number(w, "lat", pose.Position.Lat, 8);
            Number(w, "heightM", pose.HeightAboveGroundM, 2);
            Number(w, "yawDeg", pose.YawDeg, 1);
            Number(w, "pitchDeg", pose.PitchDeg, 1);
            Number(w, "errorM", camera.Uncertainty.HorizontalM, 2);
            Number(w, "gsdM", camera.Projection()?.CentreGsdM, 5);
        }

        Strings(w, "assumptions", camera.Assumptions);
        if (photo.FromTrack is { Refusal: not Contracts.Tracks.TrackRefusal.None } refused)
        {
            w.WriteString("trackRefusal", refused.Refusal.ToString());
        }
    }

    private static void Gap(Utf8JsonWriter w, CoverageGap gap)
    {
        Number(w, "areaM2", gap.AreaM2, 1);
        Number(w, "lengthM", gap.LengthM, 1);
        Number(w, "fromM", gap.FromM, 1);
        Number(w, "toM", gap.ToM, 1);
        if (gap.Stretch is { } s)
        {
            w.WriteString("river", s.River);
            w.WriteString("bank", s.Bank?.ToString().ToLowerInvariant());
            Number(w, "fromKm", s.FromKm, 3);
            Number(w, "fromOffsetM", s.FromOffsetM, 1);
            Number(w, "toKm", s.ToKm, 3);
            Number(w, "toOffsetM", s.ToOffsetM, 1);
        }

        if (gap.Face is { } face)
        {
            w.WriteString("face", face.IsRight switch { true => "right", false => "left", null => "under" });
            Number(w, "lowM", face.LowM, 2);
            Number(w, "highM", face.HighM, 2);
        }

        Array(w, "parts", gap.Parts, p =>
        {
            w.WriteString("code", p.Part.Code);
            Number(w, "share", p.Share, 3);
            w.WriteString("side", p.Side is { } side ? JsonNamingPolicy.KebabCaseLower.ConvertName(side.ToString()) : null);
        });
    }

    private static void Missed(Utf8JsonWriter w, MissedPhoto missed)
    {
        Number(w, "flight", missed.Photo.Flight, 0);
        w.WriteString("track", missed.Photo.Track);
        w.WriteNumber("photo", missed.Photo.Number);
        Number(w, "lon", missed.Photo.Position.Lon, 8);
        Number(w, "lat", missed.Photo.Position.Lat, 8);
        w.WriteString("instead", missed.Instead);
        w.WriteBoolean("needed", missed.Needed);
    }

    private static void Feature(Utf8JsonWriter w, string kind, Geometry geometry, Action? properties)
    {
        w.WriteStartObject();
        w.WriteString("type", "Feature");
        w.WritePropertyName("geometry");
        GeoJson.Write(w, geometry);
        w.WriteStartObject("properties");
        w.WriteString("kind", kind);
        properties?.Invoke();
        w.WriteEndObject();
        w.WriteEndObject();
    }

    private static void Array<T>(Utf8JsonWriter w, string name, IEnumerable<T> items, Action<T> write)
    {
        w.WriteStartArray(name);
        foreach (T item in items)
        {
            w.WriteStartObject();
            write(item);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    }

    private static void Strings(Utf8JsonWriter w, string name, IEnumerable<string> items)
    {
        w.WriteStartArray(name);
        foreach (string item in items)
        {
            w.WriteStringValue(item);
        }

        w.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter w, string name, double? value, int decimals)
    {
        if (value is { } number)
        {
            w.WriteNumber(name, Math.Round(number, decimals));
        }
        else
        {
            w.WriteNull(name);
        }
    }

    private static Point Point(LonLat place) => GeometryFactory.Default.CreatePoint(new Coordinate(place.Lon, place.Lat));
}
