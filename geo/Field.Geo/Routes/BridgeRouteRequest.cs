using NetTopologySuite.Geometries;

namespace Field.Geo.Routes;

/// <summary>
/// Passes along both sides of a bridge. All heights are elevations in one datum (metres), the home points' too. Nothing is flown under
/// the deck itself: satellite positioning does not hold there, so a route made beforehand is not safe. The underside is photographed
/// from outside, from below deck level, looking up.
/// </summary>
public sealed record BridgeRouteRequest : RouteRequest
{
    /// <summary>The bridge's axis, lon, lat.</summary>
    public required IReadOnlyList<LonLat> Axis { get; init; }

    /// <summary>Outline of the whole structure from above, with piers, cables and lamps; lon, lat.</summary>
    public required Polygon Outline { get; init; }

    /// <summary>How far the structure may reach beyond the outline, metres.</summary>
    public double MarginM { get; init; } = 1;

    /// <summary>Distance that the aircraft keeps from outline and margin, metres.</summary>
    public double StandOffM { get; init; } = 8;

    /// <summary>Elevation of the highest part of the structure.</summary>
    public required double TopM { get; init; }

    /// <summary>Elevation of the lowest part of the deck's underside.</summary>
    public required double UndersideM { get; init; }

    /// <summary>Elevation of the lower edge of what the passes beside show; null: the underside. Lower for piers.</summary>
    public double? BottomM { get; init; }

    /// <summary>Elevation of the highest water or ground on the way.</summary>
    public required double WaterM { get; init; }

    /// <summary>Height above water that the aircraft keeps, metres.</summary>
    public double WaterClearanceM { get; init; } = 3;

    /// <summary>Pitch of the passes beside the bridge; 0 looks at the horizon.</summary>
    public double GimbalPitchDeg { get; init; }

    /// <summary>How far up the gimbal can look, degrees.</summary>
    public double MaxGimbalUpDeg { get; init; } = 30;

    /// <summary>Whether to pass beside the deck.</summary>
    public bool Beside { get; init; } = true;

    /// <summary>Whether to pass below deck level, looking up at the underside.</summary>
    public bool Under { get; init; } = true;

    /// <summary>The lowest that the aircraft flies.</summary>
    internal double LowestM => WaterM + WaterClearanceM;

    /// <summary>From the track to the face of the deck.</summary>
    internal double FaceM => StandOffM + MarginM;
}
