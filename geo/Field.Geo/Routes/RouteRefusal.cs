using Field.Geo.Linear;
using NetTopologySuite.Geometries;

namespace Field.Geo.Routes;

/// <summary>Stable codes of why a route cannot be flown as asked for.</summary>
public static class RouteRefusalCodes
{
    /// <summary>A number is not finite or outside its range; the subject is its name and unit.</summary>
    public const string OutOfRange = "out-of-range";

    /// <summary>An overlap is below 0, or 1 and more.</summary>
    public const string Overlap = "overlap";

    /// <summary>A place is not on the earth.</summary>
    public const string NotAPlace = "not-a-place";

    /// <summary>The line is shorter than a photo needs.</summary>
    public const string LineTooShort = "line-too-short";

    /// <summary>The line is longer than one plan takes.</summary>
    public const string LineTooLong = "line-too-long";

    /// <summary>More photos than anybody plans in one piece.</summary>
    public const string TooManyPhotos = "too-many-photos";

    /// <summary>The line or the ground profile has more points than the tracks of one plan may have.</summary>
    public const string TooDetailed = "too-detailed";

    /// <summary>The line crosses itself.</summary>
    public const string LineCrosses = "line-crosses-itself";

    /// <summary>The upper edge of the photo would look at or near the horizon.</summary>
    public const string GimbalTooFlat = "gimbal-too-flat";

    /// <summary>The ground profile is not in order of distance, or not finite.</summary>
    public const string Profile = "ground-profile";

    /// <summary>Higher above ground than the law (or the permit) allows.</summary>
    public const string TooHigh = "too-high";

    /// <summary>The camera cannot take photos as fast as the aircraft would fly.</summary>
    public const string TooFast = "too-fast";

    /// <summary>The ground rises or falls faster than the aircraft may.</summary>
    public const string TooSteep = "too-steep";

    /// <summary>A track enters a no-fly polygon; the subject names it.</summary>
    public const string NoFly = "no-fly";

    /// <summary>The way out, back or to the next track enters a no-fly polygon; the subject names it.</summary>
    public const string NoFlyTransit = "no-fly-transit";

    /// <summary>Farther from every home point than the pilot sees.</summary>
    public const string BeyondSight = "beyond-sight";

    /// <summary>One track with the way out and back needs more than a battery.</summary>
    public const string Battery = "battery";

    /// <summary>The bridge's outline is not a valid polygon, or the axis does not run through it, or bends too much to fly beside it.</summary>
    public const string Outline = "outline";

    /// <summary>A bridge needs a home point with its elevation: heights of a route count from there.</summary>
    public const string HomeNeeded = "home-needed";

    /// <summary>The home point is nearer to the structure than the stand-off.</summary>
    public const string HomeTooNear = "home-too-near";

    /// <summary>Deck, underside, lower edge and water are not above each other.</summary>
    public const string Heights = "heights";

    /// <summary>There is not enough height between the deck's underside and the water or ground for a pass below deck level.</summary>
    public const string Clearance = "clearance";
}

/// <summary>One reason why a route cannot be flown; <see cref="RouteRefusalText"/> says it in words.</summary>
/// <param name="Code">One of <see cref="RouteRefusalCodes"/>.</param>
public sealed record RouteRefusal(string Code)
{
    /// <summary>Name of the option, polygon or leg; empty when the code says it all.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Where it begins, metres along the line; null when it is about the whole.</summary>
    public double? FromM { get; init; }

    /// <summary>Where it ends, metres along the line.</summary>
    public double? ToM { get; init; }

    /// <summary>The same by distance marks; null when the levee has none.</summary>
    public LeveeStretch? Stretch { get; init; }

    /// <summary>What the value would be.</summary>
    public double? Value { get; init; }

    /// <summary>What it may be at most (or at least), in the same unit.</summary>
    public double? Limit { get; init; }

    /// <summary>What it may be at least, where it has two limits.</summary>
    public double? Least { get; init; }

    /// <summary>The part of the line, lon, lat; null when it is about the whole.</summary>
    public LineString? Part { get; init; }
}
