using Field.Geo.Linear;
using NetTopologySuite.Geometries;

namespace Field.Geo.Review;

/// <summary>A photo that was taken.</summary>
/// <param name="Name">Of its file.</param>
/// <param name="TakenAt">When; null when the file does not say it.</param>
/// <param name="Camera">Where it was taken from and how it looked.</param>
/// <param name="IsUseful">False for one that is blurred or wrongly exposed: it covers nothing.</param>
public sealed record ReviewPhoto(string Name, DateTimeOffset? TakenAt, CameraEstimate Camera, bool IsUseful)
{
    /// <summary>The ground that it shows, lon, lat; null without a place, or when it does not look at the ground.</summary>
    public Polygon? Footprint { get; } = Camera.Projection()?.Footprint();

    /// <summary>From which place and how it looked, also of one that was below the place of take-off and so has no place on the ground; its height is not to be used.</summary>
    public CameraPose? Stand { get; init; } = Camera.Pose;

    /// <summary>Height above the place of take-off as the aircraft measured it; null when the file does not say it.</summary>
    public double? TakeOffHeightM { get; init; }
}

/// <summary>A photo of the plan.</summary>
/// <param name="Flight">Battery that flies it, from 1; null in a plan that cannot be flown.</param>
/// <param name="Track">Name of its leg.</param>
/// <param name="Number">Along the leg, from 1.</param>
/// <param name="Position">Where it is taken from.</param>
/// <param name="YawDeg">Clockwise from true north.</param>
/// <param name="PitchDeg">-90 is straight down.</param>
public sealed record PlannedPhoto(int? Flight, string Track, int Number, LonLat Position, double YawDeg, double PitchDeg)
{
    /// <summary>Above the place of take-off; null in a plan that looks at the ground.</summary>
    public double? HeightM { get; init; }
}

/// <summary>A face that one side's photos are to show; heights count from that side's place of take-off.</summary>
/// <param name="IsRight">Seen from the right of the base line.</param>
/// <param name="IsUnder">An underside.</param>
/// <param name="Foot">Where it stands, lon, lat: a line, or the outline of an underside.</param>
/// <param name="BottomM">Of its lower edge.</param>
/// <param name="TopM">Of its upper edge; that of an underside is the same.</param>
public sealed record TargetFace(bool IsRight, bool IsUnder, Geometry Foot, double BottomM, double TopM);

/// <summary>What was to be photographed.</summary>
public sealed record ReviewTarget
{
    /// <summary>The ground to be shown, lon, lat; null when the plan looks at a face, or there is no plan.</summary>
    public Geometry? Area { get; init; }

    /// <summary>Parts of it that the plan itself leaves out.</summary>
    public IReadOnlyList<Polygon> PlanGaps { get; init; } = [];

    /// <summary>The faces to be shown; empty when the plan looks at the ground.</summary>
    public IReadOnlyList<TargetFace> Faces { get; init; } = [];

    /// <summary>The line along which gaps are measured, lon, lat.</summary>
    public LineString? BaseLine { get; init; }

    /// <summary>The plan's photos in their order; empty without a plan.</summary>
    public IReadOnlyList<PlannedPhoto> Photos { get; init; } = [];

    /// <summary>What it is, for people; null for a plan.</summary>
    public string? Name { get; init; }

    /// <summary>The parts by which gaps are named; empty when a line or a levee names them.</summary>
    public IReadOnlyList<TargetPart> Parts { get; init; } = [];

    /// <summary>Half the width, metres, of strips that are no gap: the edge of a footprint is not known better.</summary>
    public double EdgeM { get; init; } = 1;

    /// <summary>The ground on both sides of a line.</summary>
    /// <param name="line">lon, lat.</param>
    /// <param name="widthM">Of both sides together, metres.</param>
    public static ReviewTarget Corridor(LineString line, double widthM)
    {
        ArgumentNullException.ThrowIfNull(line);
        Routes.RoutePlane plane = new([.. line.Coordinates.Select(c => new LonLat(c.X, c.Y))]);
        var flatEnds = new NetTopologySuite.Operation.Buffer.BufferParameters { EndCapStyle = NetTopologySuite.Operation.Buffer.EndCapStyle.Flat };
        return new ReviewTarget { Area = plane.ToLonLat(plane.ToPlane(line).Buffer(widthM / 2, flatEnds)), BaseLine = line };
    }
}

/// <summary>A part of what was to be photographed, such as a pier.</summary>
/// <param name="Code">Its number in the ledger, such as P0201; empty for the whole.</param>
/// <param name="Name">What the ledger calls it, or null.</param>
/// <param name="Shape">lon, lat; a line or a point stands for a little around it.</param>
public sealed record TargetPart(string Code, string? Name, Geometry Shape);

/// <summary>The side of a part, from its middle: along and across the river when a levee near by tells how it flows, else by compass.</summary>
public enum PartSide
{
    /// <summary>上流側.</summary>
    Upstream,

    /// <summary>下流側.</summary>
    Downstream,

    /// <summary>左岸側, looking downstream.</summary>
    LeftBank,

    /// <summary>右岸側, looking downstream.</summary>
    RightBank,

    /// <summary>北側.</summary>
    North,

    /// <summary>東側.</summary>
    East,

    /// <summary>南側.</summary>
    South,

    /// <summary>西側.</summary>
    West,
}

/// <summary>What of a part a gap hides.</summary>
/// <param name="Part">The part.</param>
/// <param name="Share">Of the part, 0 to 1.</param>
/// <param name="Side">On which side; null when it is most of the part, or its middle.</param>
public sealed record PartGap(TargetPart Part, double Share, PartSide? Side);

/// <summary>Ground, or a part of a face, that no useful photo shows.</summary>
/// <param name="Shape">lon, lat.</param>
/// <param name="AreaM2">Square metres.</param>
/// <param name="LengthM">Along the base line; without one the longest side of the box around it.</param>
/// <param name="FromM">Metres along the base line; null without one.</param>
/// <param name="ToM">Its other end.</param>
/// <param name="Stretch">Where on a levee; null when none is near, or the target has parts.</param>
public sealed record CoverageGap(Polygon Shape, double AreaM2, double LengthM, double? FromM, double? ToM, LeveeStretch? Stretch)
{
    /// <summary>The parts of the target that it hides, those it hides most of first; empty when the target has none.</summary>
    public IReadOnlyList<PartGap> Parts { get; init; } = [];

    /// <summary>Where on a face it is; null for ground.</summary>
    public FaceSpan? Face { get; init; }
}

/// <summary>From where to where a gap reaches on a face, across its line.</summary>
/// <param name="IsRight">The face right or left of the base line; null: the underside.</param>
/// <param name="LowM">Height above the place of take-off; of the underside metres to the right of the base line, negative to the left.</param>
/// <param name="HighM">Its other end.</param>
public sealed record FaceSpan(bool? IsRight, double LowM, double HighM);

/// <summary>A photo of the plan that has to be taken again.</summary>
/// <param name="Photo">The plan's photo.</param>
/// <param name="Instead">The useless photo that was taken there; null when none was.</param>
/// <param name="Needed">True when something is not shown without it; false when other photos show it all.</param>
public sealed record MissedPhoto(PlannedPhoto Photo, string? Instead, bool Needed);

/// <summary>How well a flight shows what it was to show.</summary>
public sealed record CoverageReport
{
    /// <summary>Share shown of what the plan could show, 0 to 1: of the ground, of faces, or of the plan's photos when they look at faces and no photo tells its height; null without a target.</summary>
    public double? Share { get; init; }

    /// <summary>Share of the ground that two or more useful photos show; null without ground.</summary>
    public double? TwiceShare { get; init; }

    /// <summary>Least overlap of two useful photos that follow one another and look the same way, 0 to 1; null when there are none.</summary>
    public double? LeastOverlap { get; init; }

    /// <summary>The largest first.</summary>
    public IReadOnlyList<CoverageGap> Gaps { get; init; } = [];

    /// <summary>In the order of the plan.</summary>
    public IReadOnlyList<MissedPhoto> Missed { get; init; } = [];

    /// <summary>True when nothing has to be flown again for its coverage.</summary>
    public bool IsComplete => Gaps.Count == 0 && !Missed.Any(m => m.Needed);
}
