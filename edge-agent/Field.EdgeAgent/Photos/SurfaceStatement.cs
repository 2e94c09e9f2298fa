using System.Globalization;
using Field.Contracts;

namespace Field.EdgeAgent.Photos;

/// <summary>What a crew says of the surface that its photos show; the word travels with each photo.</summary>
/// <param name="HeightM">Above the ellipsoid, m, as the drone's RTK tells it when it stands there; null: level with the place of take-off.</param>
/// <param name="ErrorM">Standard deviation of the surface from that, unevenness included, m.</param>
internal sealed record SurfaceStatement(double? HeightM, double ErrorM)
{
    /// <summary>A deck with its gradient and crossfall, a levee's crown with its shoulders: half a metre either way.</summary>
    public const double UsualErrorM = 0.5;

    /// <summary>Value of <c>--surface</c> for a surface that the drone took off from.</summary>
    public const string Takeoff = "takeoff";

    /// <summary>Reads the options; null when the text is no height that can be or the error is none.</summary>
    public static SurfaceStatement? Parse(string text, double errorM) =>
        errorM is not (>= 0.01 and <= 100) ? null
        : text == Takeoff ? new SurfaceStatement(null, errorM)
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double height) && height is >= -500 and <= 9000 ? new SurfaceStatement(height, errorM)
        : null;

    /// <summary>What a photo's file says, and this.</summary>
    public CameraMetadata Over(CameraMetadata camera) => camera with { SurfaceHeightM = HeightM, SurfaceErrorM = ErrorM };
}
