namespace Field.MapApp.Review;

/// <summary>What was given to <c>flight</c> cannot be used; says why and what to do, in both languages.</summary>
internal sealed class FlightInputException(string japanese, string english, Exception? inner = null) : FieldException($"{japanese} / {english}", innerException: inner)
{
    public string Text(bool isJapanese) => isJapanese ? japanese : english;
}
