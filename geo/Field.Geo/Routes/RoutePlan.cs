using NetTopologySuite.Geometries;

namespace Field.Geo.Routes;

/// <summary>A point that the aircraft flies to.</summary>
/// <param name="Position">The place.</param>
/// <param name="HeightM">Height above the home point, metres.</param>
/// <param name="HeightAboveGroundM">Height above the ground or water below, metres.</param>
/// <param name="YawDeg">Where the nose points, clockwise from true north, 0 to below 360.</param>
/// <param name="TurnM">Distance before the point at which the turn may begin; 0: the aircraft stops at the point.</param>
public sealed record RouteWaypoint(LonLat Position, double HeightM, double HeightAboveGroundM, double YawDeg, double TurnM);

/// <summary>Where and how a photo is taken.</summary>
/// <param name="Position">The place.</param>
/// <param name="HeightAboveGroundM">Metres above the ground or water below.</param>
/// <param name="YawDeg">Clockwise from true north.</param>
/// <param name="PitchDeg">-90 is straight down.</param>
public sealed record RoutePhoto(LonLat Position, double HeightAboveGroundM, double YawDeg, double PitchDeg);

/// <summary>One track flown from end to end, with a photo at its first waypoint and then one every <paramref name="IntervalM"/>.</summary>
/// <param name="Name">For maps and lists, such as <c>1-2</c>: second track of the first part.</param>
/// <param name="IntervalM">Metres along the track between photos; 0: no photos.</param>
/// <param name="PitchDeg">The gimbal's pitch on the whole leg.</param>
/// <param name="NoseAlongTrack">True when the nose follows the track; false when it keeps the waypoints' yaw.</param>
/// <param name="Waypoints">At least two.</param>
/// <param name="Photos">In the order in which they are taken.</param>
public sealed record RouteLeg(
    string Name,
    double IntervalM,
    double PitchDeg,
    bool NoseAlongTrack,
    IReadOnlyList<RouteWaypoint> Waypoints,
    IReadOnlyList<RoutePhoto> Photos);

/// <summary>What one battery flies.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Home">Start and landing.</param>
/// <param name="TransitHeightM">Height above home on the way out and back, metres.</param>
/// <param name="Legs">In order; between two the aircraft flies straight.</param>
/// <param name="TimeS">From take-off to landing, seconds.</param>
/// <param name="DistanceM">Horizontal metres from take-off to landing.</param>
public sealed record RouteFlight(
    int Number, RouteHome Home, double TransitHeightM, IReadOnlyList<RouteLeg> Legs, double TimeS, double DistanceM);

/// <summary>A face of a structure that one side's photos look at.</summary>
/// <param name="IsRight">Seen from the right of the axis, looking along it.</param>
/// <param name="IsUnder">True for the underside, false for an upright face.</param>
/// <param name="Foot">Where it stands on the map, lon, lat: a line, or the outline of an underside.</param>
/// <param name="BottomM">Height above the place from which that side is flown, metres.</param>
/// <param name="TopM">Its upper edge, as high as the lower one for an underside.</param>
public sealed record RouteFace(bool IsRight, bool IsUnder, Geometry Foot, double BottomM, double TopM);

/// <summary>Ground sample distance, metres per pixel, over the pixels of all photos.</summary>
/// <param name="MinM">The finest.</param>
/// <param name="MeanM">Mean over the photos' pixels.</param>
/// <param name="MaxM">The coarsest.</param>
public readonly record struct RouteGsd(double MinM, double MeanM, double MaxM);

/// <summary>A planned route, or the reasons why there is none: with any refusal there are no flights, and the legs are only for the preview.</summary>
public sealed record RoutePlan
{
    /// <summary>What was asked for.</summary>
    public required RouteRequest Request { get; init; }

    /// <summary>Why it cannot be flown; empty when it can.</summary>
    public IReadOnlyList<RouteRefusal> Refusals { get; init; } = [];

    /// <summary>The no-fly areas that it enters under their permits.</summary>
    public IReadOnlyList<NoFlyZone> Permitted { get; init; } = [];

    /// <summary>Given or proposed.</summary>
    public IReadOnlyList<RouteHome> Homes { get; init; } = [];

    /// <summary>One for each battery; empty with a refusal.</summary>
    public IReadOnlyList<RouteFlight> Flights { get; init; } = [];

    /// <summary>All legs in order.</summary>
    public IReadOnlyList<RouteLeg> Legs { get; init; } = [];

    /// <summary>The line that distances in refusals count along, lon, lat.</summary>
    public LineString? BaseLine { get; init; }

    /// <summary>What is to be shown, lon, lat: a levee's corridor, or a bridge's outline.</summary>
    public Geometry? Target { get; init; }

    /// <summary>Parts of a corridor that no photo shows, lon, lat.</summary>
    public IReadOnlyList<Polygon> Gaps { get; init; } = [];

    /// <summary>Share of the target that photos show, 0 to 1.</summary>
    public double CoverageShare { get; init; }

    /// <summary>Metres per pixel.</summary>
    public RouteGsd Gsd { get; init; }

    /// <summary>Distance to a face that the photos look at, metres; null when they look at the ground.</summary>
    public double? FaceDistanceM { get; init; }

    /// <summary>The faces that the photos look at; empty when they look at the ground.</summary>
    public IReadOnlyList<RouteFace> Faces { get; init; } = [];

    /// <summary>Metres between photos on a track.</summary>
    public double IntervalM { get; init; }

    /// <summary>Metres between neighbouring tracks; 0 with one track.</summary>
    public double SpacingM { get; init; }

    /// <summary>Photos of all legs.</summary>
    public int PhotoCount => Legs.Sum(l => l.Photos.Count);

    /// <summary>Seconds in the air, all flights.</summary>
    public double TimeS => Flights.Sum(f => f.TimeS);

    /// <summary>The ground that a photo shows; null when it does not look at the ground.</summary>
    public Polygon? Footprint(RoutePhoto photo)
    {
        ArgumentNullException.ThrowIfNull(photo);
        return FaceDistanceM is not null ? null : Projection(Request.Camera, photo).Footprint();
    }

    internal static GroundProjection Projection(RouteCamera camera, RoutePhoto photo) => new(
        new CameraPose(photo.Position, photo.HeightAboveGroundM, photo.YawDeg, photo.PitchDeg, 0), camera.Intrinsics, new PoseUncertainty(0, 0, 0));
}
