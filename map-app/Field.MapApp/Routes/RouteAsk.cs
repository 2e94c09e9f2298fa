using Field.Geo;
using Field.Geo.Routes;
using NetTopologySuite.Geometries;

namespace Field.MapApp.Routes;

/// <summary>What was asked for cannot be planned; all reasons at once.</summary>
internal sealed class RouteAskException(int status, params IReadOnlyList<RouteError> errors)
    : FieldException(string.Join("; ", errors.Select(e => e.En)), isTransient: status == StatusCodes.Status503ServiceUnavailable)
{
    public int Status => status;

    public IReadOnlyList<RouteError> Errors => errors;
}

/// <summary>To which side of a levee's line the offset goes.</summary>
internal enum RouteSide
{
    /// <summary>To the right in the line's direction; to the left when the offset is negative.</summary>
    Right,

    /// <summary>To the left.</summary>
    Left,

    /// <summary>To the river, by bank and distance marks.</summary>
    River,

    /// <summary>Away from the river.</summary>
    Land,
}

/// <summary>What the API was asked to plan.</summary>
/// <param name="IsBridge">Else a levee.</param>
/// <param name="Values">Camera, home points, no-fly areas and numbers.</param>
internal sealed record RouteAsk(bool IsBridge, RouteValues Values)
{
    /// <summary>The asset whose geometry is used; null when a line was drawn.</summary>
    public string? AssetId { get; init; }

    /// <summary>Levee line or bridge axis, instead of the asset's.</summary>
    public IReadOnlyList<LonLat>? Line { get; init; }

    /// <summary>The bridge's outline, instead of the asset's.</summary>
    public Polygon? Outline { get; init; }

    /// <summary>Width of the structure where there is only an axis.</summary>
    public double? DeckWidthM { get; init; }

    public IReadOnlyList<GroundSample> Ground { get; init; } = [];

    public RouteSide Side { get; init; }

    /// <summary>Distance marks between which the levee is flown, kilometres; null: its ends.</summary>
    public (double? From, double? To) Km { get; init; }

    public bool Beside { get; init; } = true;

    public bool Under { get; init; } = true;
}
