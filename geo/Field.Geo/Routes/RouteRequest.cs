using Field.Geo.Linear;
using NetTopologySuite.Geometries;

namespace Field.Geo.Routes;

/// <summary>Where the aircraft starts and lands, and where its pilot stands.</summary>
/// <param name="Position">The place.</param>
/// <param name="GroundM">Elevation of the ground there in the datum of the ground profile; null: that of the profile at the nearest place of the line.</param>
public sealed record RouteHome(LonLat Position, double? GroundM = null);

/// <summary>What an authority allows in a no-fly area.</summary>
/// <param name="Number">Of the permit or approval (許可・承認番号).</param>
/// <param name="Holder">To whom it was given.</param>
/// <param name="Until">The last day on which it holds.</param>
public sealed record FlightPermit(string Number, string Holder, DateOnly Until);

/// <summary>Where nothing may fly, but under a permit.</summary>
/// <param name="Name">For the refusal's text.</param>
/// <param name="Area">Lon, lat; a Polygon or MultiPolygon.</param>
public sealed record NoFlyZone(string Name, Geometry Area)
{
    /// <summary>What opens it; null when nothing does, or no more.</summary>
    public FlightPermit? Permit { get; init; }

    /// <summary>What it is kept under, for whoever draws it; null when it was given with the request.</summary>
    public string? Id { get; init; }
}

/// <summary>Elevation of the ground at a distance along the line; linear between two, level before the first and after the last.</summary>
/// <param name="DistanceM">Metres from the line's first point.</param>
/// <param name="GroundM">Metres in any datum.</param>
public readonly record struct GroundSample(double DistanceM, double GroundM);

/// <summary>What every route needs to know.</summary>
public abstract record RouteRequest
{
    /// <summary>The camera.</summary>
    public required RouteCamera Camera { get; init; }

    /// <summary>Places to start from; when empty the planner proposes places on the line.</summary>
    public IReadOnlyList<RouteHome> Homes { get; init; } = [];

    /// <summary>Where nothing may fly, but under a permit.</summary>
    public IReadOnlyList<NoFlyZone> NoFly { get; init; } = [];

    /// <summary>Share of a photo that the next of the same track shows again, 0 to below 1.</summary>
    public double FrontOverlap { get; init; } = 0.8;

    /// <summary>Share of a photo, where it is narrowest, that the neighbouring track shows again, 0 to below 1.</summary>
    public double SideOverlap { get; init; } = 0.7;

    /// <summary>Speed on the tracks, m/s.</summary>
    public double SpeedMps { get; init; } = 5;

    /// <summary>Speed to the first point and back, m/s; 15 at most (WPML).</summary>
    public double TransitSpeedMps { get; init; } = 8;

    /// <summary>Radius with which bends inside a track are flown; 0: stop and turn.</summary>
    public double TurnRadiusM { get; init; }

    /// <summary>Farthest horizontal distance from the home point at which the pilot still sees the aircraft, metres.</summary>
    public double SightM { get; init; } = 500;

    /// <summary>Time that a full battery flies, minutes.</summary>
    public double BatteryMin { get; init; } = 30;

    /// <summary>Share of the battery that a route may plan with; the rest is for wind and the way home.</summary>
    public double UsableShare { get; init; } = 0.7;

    /// <summary>Greatest height above ground or water, metres. 150 by 航空法第132条の85; higher needs a permit.</summary>
    public double MaxHeightM { get; init; } = 150;

    /// <summary>Seconds of flight that one battery may be planned for.</summary>
    public double UsableS => BatteryMin * 60 * UsableShare;
}

/// <summary>A corridor along a levee line.</summary>
public sealed record LeveeRouteRequest : RouteRequest
{
    /// <summary>The levee line, lon, lat.</summary>
    public required IReadOnlyList<LonLat> Line { get; init; }

    /// <summary>The levee that the line is a part of: its distance marks name places; null when it is not known.</summary>
    public LeveeLine? Levee { get; init; }

    /// <summary>Distance of the corridor's centre from the line, metres, to the right in the line's direction.</summary>
    public double OffsetM { get; init; }

    /// <summary>Width of the corridor to be shown, metres.</summary>
    public double WidthM { get; init; } = 40;

    /// <summary>Height above ground, metres.</summary>
    public double HeightM { get; init; } = 50;

    /// <summary>-90 looks straight down, -60 ahead and down.</summary>
    public double GimbalPitchDeg { get; init; } = -90;

    /// <summary>The ground along the line, in order; empty: level.</summary>
    public IReadOnlyList<GroundSample> Ground { get; init; } = [];

    /// <summary>Steepest climb or descent on a track, degrees.</summary>
    public double MaxClimbDeg { get; init; } = 15;
}
