namespace Field.MapApp.Review;

/// <summary>What was given to <c>flight</c> cannot be used.</summary>
internal sealed class FlightInputException(FlightFault fault, Exception? inner = null) : FieldException($"{fault.Ja} / {fault.En}", innerException: inner)
{
    public FlightFault Fault => fault;

    public string Text(bool japanese) => japanese ? fault.Ja : fault.En;
}
