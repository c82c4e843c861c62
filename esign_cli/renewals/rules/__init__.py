"""What the verdict on a person is made of: policy, dates, duty and warnings."""
